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
  const outputs = bias.length;
  const scales = channelScales(kernel, outputs);
  const rounded = new Int8Array(kernel.length);
  for (let i = 0; i < kernel.length; i++) {
    const steps = roundTiesToEven((kernel[i] as number) / (scales[i % outputs] as number));
    // Rounding the scale to float32 can leave the largest weight a hair above 127 steps.
    rounded[i] = Math.max(-LIMIT, Math.min(LIMIT, steps));
  }
  return { name, shape, kernel: rounded, scales, bias };
}

function channelScales(kernel: Float32Array, outputs: number): Float32Array {
  const scales = new Float32Array(outputs);
  for (let i = 0; i < kernel.length; i++) {
    const channel = i % outputs;
    scales[channel] = Math.max(scales[channel] as number, Math.abs(kernel[i] as number));
  }
  // A channel of zeros (or below float32's reach) has no scale of its own: any will do.
  return scales.map((largest) => Math.fround(largest / LIMIT) || 1);
}
