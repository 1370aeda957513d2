import { floatTrunk } from "./float-trunk.ts";
import type { EngineName, TrunkMaps } from "./network.ts";
import type { Weights } from "./weights.ts";

/** What the network needs of an engine: the trunk, and the layers behind it. */
export interface Engine {
  readonly name: EngineName;
  readonly threads: number;
  /** The layers behind the trunk. */
  readonly weights: Weights;
  /** `square`: size * size RGB pixels; tensors that the caller disposes of. */
  trunk(square: Uint8Array, explain: boolean): TrunkMaps;
  dispose(): void;
}

/** The reference: the whole network in tfjs; `weights` hold every layer and become the engine's. */
export function float32Engine(weights: Weights, threads = 1): Engine {
  return {
    name: "float32",
    threads,
    weights,
    trunk: (square, explain) => floatTrunk(weights, square, explain),
    dispose: () => weights.dispose(),
  };
}
