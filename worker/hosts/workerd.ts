/**
 * The tagger inside workerd, one an isolate. Threads are not to be had there, and the platform
 * hands out WASM ready compiled; see `tfjs.ts`.
 */
import { env } from "cloudflare:workers";
import simd from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm";
import manifest from "../../model/artefact/manifest.json" with { type: "json" };
import bytes from "../../model/artefact/weights.bin";
import kernels from "../../model/kernels/kernels.wasm";
import { engineName, loadTagger } from "../../model/load.ts";
import type { EngineName, Tagger } from "../../model/network.ts";
import type { Host } from "../host.ts";
import { once } from "./once.ts";
import { startBackend } from "./tfjs.ts";

/** This isolate. `tagger()` throws what the start threw; the next call starts again. */
export const workerd: Host = {
  model: {
    version: manifest.model,
    artefact: manifest.weights.sha256,
    thresholds: manifest.thresholds,
  },
  tagger: once(() => startTagger(simd, bytes)),
};

/** Starts tfjs, loads the artefact's weights and runs the network once, so that all is warm. */
export function startTagger(
  module: WebAssembly.Module,
  weights: ArrayBuffer,
  engine: EngineName = engineName((env as { HEMLINE_ENGINE?: string }).HEMLINE_ENGINE),
): Tagger {
  startBackend(module);
  return loadTagger({ manifest, weights, kernels, engine });
}

try {
  // At module scope: start-up time pays for it, not the first request.
  workerd.tagger();
} catch (error) {
  console.error("the tagger did not start, the next request tries again:", error);
}
