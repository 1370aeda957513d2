/**
 * Batch norm at inference is an affine map per channel; folded, it costs nothing:
 * `w' = w * gamma / sqrt(var + eps)`, `b' = beta - mean * gamma / sqrt(var + eps)`.
 */
import { type Layer, weightShape } from "../model/layer.ts";
import type { FloatLayer } from "../model/weights.ts";
import type { Parameters } from "./import.ts";

/** EfficientNet's batch norm epsilon (`BN_EPS` in `training/networks/efficientnet_lite.py`). */
const EPSILON = 1e-3;

/** A checkpoint's layer as the artefact stores it: folded in float64, output channel fastest. */
export function fold(layer: Layer, parameters: Parameters): FloatLayer {
  const { factor, bias } = affine(layer, parameters);
  const source = parameters(`${layer.name}.weight`);
  const taps = source.length / layer.outputs; // weights per output channel
  const kernel = new Float32Array(source.length);
  for (let out = 0; out < layer.outputs; out++) {
    for (let tap = 0; tap < taps; tap++) {
      const weight = source[out * taps + tap] as number;
      kernel[storedTap(layer, tap) * layer.outputs + out] = weight * (factor[out] as number);
    }
  }
  return { name: layer.name, shape: weightShape(layer), kernel, bias };
}

/** PyTorch runs over [inputs,k,k] within an output channel, the artefact over [k,k,inputs]. */
function storedTap({ kind, kernel, inputs }: Layer, tap: number): number {
  if (kind !== "conv") return tap;
  const area = kernel * kernel;
  return (tap % area) * inputs + Math.floor(tap / area);
}

function affine(
  layer: Layer,
  parameters: Parameters,
): { factor: Float64Array; bias: Float32Array } {
  const factor = new Float64Array(layer.outputs).fill(1);
  if (layer.norm === null) {
    return { factor, bias: new Float32Array(parameters(`${layer.name}.bias`)) };
  }
  const gamma = parameters(`${layer.norm}.weight`);
  const beta = parameters(`${layer.norm}.bias`);
  const mean = parameters(`${layer.norm}.running_mean`);
  const variance = parameters(`${layer.norm}.running_var`);
  const bias = new Float32Array(layer.outputs);
  for (let c = 0; c < layer.outputs; c++) {
    factor[c] = (gamma[c] as number) / Math.sqrt((variance[c] as number) + EPSILON);
    bias[c] = (beta[c] as number) - (mean[c] as number) * (factor[c] as number);
  }
  return { factor, bias };
}
