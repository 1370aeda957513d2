/**
 * Convolutions as their definition has them, over plain maps `[height,width,channels]`: what the SIMD
 * kernels must equal bit by bit.
 */
import type { Layer } from "../../layer.ts";
import { type Padding, type Quantisation, samePadding } from "../map.ts";
import { requantise } from "./requantise.ts";

/** A uint8 map: `[height,width,channels]`. */
export interface PlainMap {
  height: number;
  width: number;
  channels: number;
  data: Uint8Array;
}

export interface Convolution {
  layer: Layer;
  stride: number;
  /** int8, the output channel fastest. */
  kernel: Int8Array;
  bias: Int32Array;
  multipliers: Float32Array;
  source: Quantisation;
  target: Quantisation;
  residual?: { map: PlainMap; quantisation: Quantisation };
  /** TensorFlow's 'SAME' where nothing else is said. */
  padding?: Padding;
}

/** `qu8_qs8_conv1x1_scalar`, `qu8_qs8_conv3x3s2_scalar`, `qu8_qs8_dwconv..._scalar`: by the layer. */
export function convolve(input: PlainMap, convolution: Convolution): PlainMap {
  const { layer, stride, bias, multipliers, target, residual } = convolution;
  const { kernel, outputs } = layer;
  const padding = convolution.padding ?? samePadding(input.height, input.width, kernel, stride);
  const across = (n: number, before: number, after: number): number =>
    Math.floor((before + n + after - kernel) / stride) + 1;
  const height = across(input.height, padding.top, padding.bottom);
  const width = across(input.width, padding.left, padding.right);
  const data = new Uint8Array(height * width * outputs);
  for (let at = 0; at < data.length; at++) {
    const c = at % outputs;
    const x = Math.floor(at / outputs) % width;
    const y = Math.floor(at / outputs / width);
    const sum = sumAt(input, convolution, y * stride - padding.top, x * stride - padding.left, c);
    data[at] = requantise(
      sum + (bias[c] as number),
      multipliers[c] as number,
      target,
      residual && { value: residual.map.data[at] as number, quantisation: residual.quantisation },
    );
  }
  return { height, width, channels: outputs, data };
}

/** Products under the kernel whose top left is at row `y`, column `x`, for output channel `c`. */
function sumAt(
  { height, width, channels, data }: PlainMap,
  { layer, kernel, source }: Convolution,
  y: number,
  x: number,
  c: number,
): number {
  const depthwise = layer.kind === "depthwise";
  let sum = 0;
  for (let tap = 0; tap < layer.kernel ** 2; tap++) {
    const row = y + Math.floor(tap / layer.kernel);
    const column = x + (tap % layer.kernel);
    const inside = row >= 0 && row < height && column >= 0 && column < width;
    for (let i = 0; i < (depthwise ? 1 : channels); i++) {
      const from = (row * width + column) * channels + (depthwise ? c : i);
      const value = inside ? (data[from] as number) : source.zeroPoint;
      const weight = kernel[(tap * (depthwise ? 1 : channels) + i) * layer.outputs + c] as number;
      sum += value * weight;
    }
  }
  return sum;
}
