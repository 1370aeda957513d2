import { layersOf } from "../../model/architecture.ts";
import { labels } from "../../model/labels.ts";
import { weightShape } from "../../model/layer.ts";
import type { FloatLayer } from "../../model/weights.ts";

/** Numbers in -1..1 from a fixed seed (a linear congruential generator, Numerical Recipes). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** A whole untrained student: every layer keeps the size of what flows through it. */
export function* randomLayers(seed = 1): Generator<FloatLayer> {
  const random = seededRandom(seed);
  for (const layer of layersOf(labels)) {
    const shape = weightShape(layer);
    const size = shape.reduce((a, b) => a * b);
    const bound = Math.sqrt((3 * layer.outputs) / size);
    yield {
      name: layer.name,
      shape,
      kernel: Float32Array.from({ length: size }, () => random() * bound),
      bias: Float32Array.from({ length: layer.outputs }, () => random() * 0.1),
    };
  }
}

/** A picture of noise: size * size RGB pixels. */
export function randomSquare(size: number, seed = 2): Uint8Array {
  const random = seededRandom(seed);
  return Uint8Array.from({ length: size * size * 3 }, () => 128 + 128 * random());
}
