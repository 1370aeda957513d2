/**
 * The tagger in a dedicated worker of a browser, with threads where the page is cross-origin
 * isolated: a page's own thread may not wait, and without isolation memory cannot be shared.
 */
import simd from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm";
import manifest from "../../../model/artefact/manifest.json" with { type: "json" };
import bytes from "../../../model/artefact/weights.bin";
import kernels from "../../../model/kernels/kernels.wasm";
import { loadTagger } from "../../../model/load.ts";
import type { Host } from "../../host.ts";
import { startBackend } from "../tfjs.ts";
import { startThreadedBackend } from "./threads.ts";

/** More threads than this gain nothing on a network of this size. */
const MOST_THREADS = 4;

/** Starts the network and runs it once, so that all is warm. */
export async function startBrowser(): Promise<Host> {
  const threads = await start(availableThreads());
  const tagger = loadTagger({ manifest, weights: bytes, kernels, threads });
  return {
    model: {
      version: manifest.model,
      artefact: manifest.weights.sha256,
      thresholds: manifest.thresholds,
    },
    tagger: () => tagger,
  };
}

async function start(threads: number): Promise<number> {
  if (threads > 1) return startThreadedBackend(threads);
  startBackend(simd);
  return 1;
}

/** What this worker can really have: isolation is what sharing memory hangs on. */
function availableThreads(): number {
  if (!globalThis.crossOriginIsolated) return 1;
  return Math.min(navigator.hardwareConcurrency, MOST_THREADS);
}
