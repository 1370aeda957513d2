/** From bytes to float32, where tfjs goes on. */
import type { Quantisation } from "../map.ts";
import type { PlainMap } from "./convolution.ts";

/** `qu8_f32_dequantise_scalar`: `float32(q - zero point) * scale`. */
export const dequantise = (q: number, { scale, zeroPoint }: Quantisation): number =>
  Math.fround((q - zeroPoint) * scale);

/** `qu8_f32_gavgpool_scalar`: `float32(sum) * fround(scale / pixels)`, zero point 0. */
export function averagePool(map: PlainMap, { scale }: Quantisation): Float32Array {
  const pixels = map.height * map.width;
  const factor = Math.fround(scale / pixels);
  return Float32Array.from({ length: map.channels }, (_, c) => {
    let sum = 0;
    for (let i = 0; i < pixels; i++) sum += map.data[i * map.channels + c] as number;
    return Math.fround(Math.fround(sum) * factor);
  });
}
