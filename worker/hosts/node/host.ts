/** The network of one thread; `modules.ts` must stand, for this imports `.wasm` and `.bin`. */
import simd from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm";
import manifest from "../../../model/artefact/manifest.json" with { type: "json" };
import weights from "../../../model/artefact/weights.bin";
import { trunkBinding } from "../../../model/artefact.ts";
import plain from "../../../model/kernels/kernels.wasm";
import shared from "../../../model/kernels/kernels-threads.wasm";
import { startThreads } from "../../../model/kernels/threads/start.ts";
import { engineName, loadTagger } from "../../../model/load.ts";
import type { Host } from "../../host.ts";
import { startBackend } from "../tfjs.ts";
import { spawnNode } from "./kernel-threads.ts";

/**
 * Starts it, warm. `threads`: so many compute one picture's trunk together, where the engine can
 * (int8: tfjs itself has no threads on Node).
 */
export async function startHost(threads: number): Promise<Host> {
  startBackend(simd);
  const engine = engineName(process.env.HEMLINE_ENGINE);
  const together = threads > 1 && engine === "int8";
  const kernels = together
    ? await startThreads(shared, trunkBinding(manifest, weights), threads, spawnNode)
    : plain;
  const tagger = loadTagger({ manifest, weights, kernels, engine });
  const { model: version, thresholds } = manifest;
  const model = { version, artefact: manifest.weights.sha256, thresholds };
  return { model, tagger: () => tagger };
}
