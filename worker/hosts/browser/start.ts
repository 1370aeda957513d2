/**
 * The tagger in a dedicated worker of a browser, with threads where the page is cross-origin
 * isolated: a page's own thread may not wait, and without isolation memory cannot be shared.
 */
import simd from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm";
import manifest from "../../../model/artefact/manifest.json" with { type: "json" };
import bytes from "../../../model/artefact/weights.bin";
import { trunkBinding } from "../../../model/artefact.ts";
import type { Kernels } from "../../../model/kernels/bind.ts";
import alone from "../../../model/kernels/kernels.wasm";
import shared from "../../../model/kernels/kernels-threads.wasm";
import { canStartThreads } from "../../../model/kernels/threads/can-start.ts";
import { startThreads } from "../../../model/kernels/threads/start.ts";
import { loadTagger } from "../../../model/load.ts";
import type { Host } from "../../host.ts";
import { startBackend } from "../tfjs.ts";
import { spawnBrowser } from "./kernel-threads.ts";
import { startThreadedBackend } from "./threads.ts";

/** More threads than this gain nothing on a network of this size. */
const MOST_THREADS = 4;

/**
 * Starts the network and runs it once, so that all is warm. `helper`: the address of the script made
 * of `kernel-helper.ts`.
 */
export async function startBrowser(helper: string): Promise<Host> {
  const threads = availableThreads();
  if (threads > 1) await startThreadedBackend(threads);
  else startBackend(simd);
  const kernels = await startKernels(threads, helper);
  const tagger = loadTagger({ manifest, weights: bytes, kernels });
  return {
    model: {
      version: manifest.model,
      artefact: manifest.weights.sha256,
      thresholds: manifest.thresholds,
    },
    tagger: () => tagger,
  };
}

/** The trunk's kernels, on helpers of their own where one can be had. */
async function startKernels(
  threads: number,
  helper: string,
): Promise<Kernels | WebAssembly.Module> {
  const spawn = spawnBrowser(helper);
  if (threads === 1 || !(await canStartThreads(shared, spawn))) return alone;
  return startThreads(shared, trunkBinding(manifest, bytes), threads, spawn);
}

/** What this worker can really have: isolation is what sharing memory hangs on. */
function availableThreads(): number {
  if (!globalThis.crossOriginIsolated) return 1;
  return Math.min(navigator.hardwareConcurrency, MOST_THREADS);
}
