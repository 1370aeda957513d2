import type { FloatLayer } from "../model/weights.ts";
import { roundTiesToEven } from "./round.ts";

/** A layer with int8 weights: `kernel[i] * scales[i % outputs]` is about the float weight. */
export interface QuantisedLayer {
  name: string;
  shape: readonly number[];
  /** -127..127. */
  kernel: Int8Array;
  /** One per output channel, > 0. */
  scales: Float32Array;
  bias: Float32Array;
}

const LIMIT = 127;

/** Symmetric, one scale per output channel: the channel's largest weight becomes +-127. */
export function quantise({ name, shape, kernel, bias }: FloatLayer): QuantisedLayer {
  const scales = channelScales(kernel, bias.length);
  return { name, shape, kernel: quantiseKernel(kernel, scales), scales, bias };
}

/** Steps of the channel's scale, ties to even. */
export function quantiseKernel(kernel: Float32Array, scales: Float32Array): Int8Array<ArrayBuffer> {
  const rounded = new Int8Array(kernel.length);
  for (let i = 0; i < kernel.length; i++) {
    const steps = roundTiesToEven((kernel[i] as number) / (scales[i % scales.length] as number));
    // Rounding the scale to float32 can leave the largest weight a hair above 127 steps.
    rounded[i] = Math.max(-LIMIT, Math.min(LIMIT, steps));
  }
  return rounded;
}

/** `fround(max(largest weight / 127, least))`; `least`: no channel's scale is below it. */
export function channelScales(
  kernel: Float32Array,
  outputs: number,
  least = new Float64Array(outputs),
): Float32Array {
  const largest = new Float64Array(outputs);
  for (let i = 0; i < kernel.length; i++) {
    const channel = i % outputs;
    largest[channel] = Math.max(largest[channel] as number, Math.abs(kernel[i] as number));
  }
  // A channel of zeros (or below float32's reach) has no scale of its own: any will do.
  return Float32Array.from(
    largest,
    (value, c) => Math.fround(Math.max(value / LIMIT, least[c] as number)) || 1,
  );
}
