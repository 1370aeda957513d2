/**
 * Weights in the order in which the kernels read them: eight output channels at a time, inputs or
 * taps in pairs, so that a vector of sixteen holds `[8 outputs][2 inputs]`. What is not there is 0.
 */
import type { Layer } from "../layer.ts";
import { blocksOf, LANES } from "./map.ts";

/** Bytes of a layer's packed weights. */
export const packedBytes = (layer: Layer): number =>
  blocksOf(layer.outputs) * LANES * slots(layer).length;

/** int8 weights as `weightShape` has them -> packed. */
export function pack(layer: Layer, weights: Int8Array): Int8Array<ArrayBuffer> {
  const packed = new Int8Array(packedBytes(layer));
  each(layer, (at, from) => {
    packed[at] = weights[from] as number;
  });
  return packed;
}

/** The inverse of `pack`. */
export function unpack(layer: Layer, packed: Int8Array): Int8Array<ArrayBuffer> {
  const { kind, kernel, inputs, outputs } = layer;
  const perFilter = kind === "depthwise" ? 1 : inputs;
  const weights = new Int8Array(kernel * kernel * perFilter * outputs);
  each(layer, (at, from) => {
    weights[from] = packed[at] as number;
  });
  return weights;
}

/** Calls with the places of every weight: in the packed order, and where the output runs fastest. */
function each(layer: Layer, visit: (packed: number, plain: number) => void): void {
  const rows = slots(layer);
  const { outputs } = layer;
  for (let out = 0; out < outputs; out++) {
    const start = Math.floor(out / LANES) * rows.length * LANES + (out % LANES) * 2;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as number;
      if (row < 0) continue;
      visit(start + (i >> 1) * 2 * LANES + (i & 1), row * outputs + out);
    }
  }
}

/** Per input of an output channel as packed: its row among the plain weights; -1: none, a zero. */
function slots({ kind, kernel, inputs }: Layer): number[] {
  const taps = kernel * kernel;
  if (kind === "depthwise") return padded(taps, 2);
  // The stem: eight bytes of each row's nine, then the three ninths (`assembly/conv3x3s2.ts`).
  if (kernel === 3) {
    const row = (y: number): number[] => Array.from({ length: 8 }, (_, i) => 9 * y + i);
    return [...row(0), ...row(1), ...row(2), 8, 17, 26, -1, -1, -1, -1, -1];
  }
  return padded(inputs, LANES);
}

function padded(count: number, multiple: number): number[] {
  const length = Math.ceil(count / multiple) * multiple;
  return Array.from({ length }, (_, i) => (i < count ? i : -1));
}
