/** From the artefact to a tagger, on any host whose tfjs backend runs already. */
import { type Manifest, restWeights, trunkBinding, trunkWeights } from "./artefact.ts";
import { type Engine, float32Engine } from "./engine.ts";
import { Kernels } from "./kernels/bind.ts";
import { int8Engine } from "./kernels/register.ts";
import type { EngineName, Tagger } from "./network.ts";
import { preprocess } from "./preprocess.ts";
import { createTagger } from "./tagger.ts";
import { Weights } from "./weights.ts";

export interface Parts {
  manifest: Manifest;
  /** `weights.bin`. */
  weights: ArrayBuffer;
  /** `kernels/kernels.wasm`; with threads, kernels that `kernels/threads/` has started. */
  kernels: WebAssembly.Module | Kernels;
  /** `int8` unless told otherwise. */
  engine?: EngineName | undefined;
  /** Of tfjs's backend, which the float32 engine runs on; int8 has its kernels'. */
  threads?: number;
}

const ENGINES: readonly string[] = ["int8", "float32"] satisfies EngineName[];

/** The value of `HEMLINE_ENGINE`; unset or empty: `int8`. Throws `RangeError` for another name. */
export function engineName(value: string | undefined): EngineName {
  const name = value || "int8";
  if (ENGINES.includes(name)) return name as EngineName;
  throw new RangeError(`HEMLINE_ENGINE is "${name}", known are ${ENGINES.join(" and ")}`);
}

/** Loads the weights and runs the network once, so that all is warm. Throws `ArtefactError`. */
export function loadTagger(parts: Parts): Tagger {
  const engine = loadEngine(parts);
  try {
    const { temperatures } = parts.manifest;
    const tagger = createTagger(engine, { simd: true, temperatures });
    tagger.infer(new Uint8Array(preprocess.size ** 2 * 3));
    return tagger;
  } catch (error) {
    engine.dispose();
    throw error;
  }
}

export function loadEngine({ manifest, weights, kernels, engine, threads = 1 }: Parts): Engine {
  if (engine === "float32")
    return float32Engine(new Weights(allWeights(manifest, weights)), threads);
  const bound =
    kernels instanceof Kernels ? kernels : new Kernels(kernels, trunkBinding(manifest, weights));
  return int8Engine(bound, new Weights(restWeights(manifest, weights)));
}

function* allWeights(manifest: Manifest, weights: ArrayBuffer) {
  yield* trunkWeights(manifest, weights);
  yield* restWeights(manifest, weights);
}
