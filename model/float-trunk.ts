import * as tf from "@tensorflow/tfjs-core";
import type { TrunkMaps } from "./network.ts";
import { preprocess } from "./preprocess.ts";
import { INPUT, type Step, trunk } from "./trunk.ts";
import type { Weights } from "./weights.ts";

const { size, mean, scale } = preprocess;
const NORMALISED = Float32Array.from({ length: 256 }, (_, value) => (value - mean) / scale);

/** The trunk in float32, step by step; `weights` hold its layers. `square`: RGB pixels. */
export function floatTrunk(weights: Weights, square: Uint8Array, explain: boolean): TrunkMaps {
  return tf.tidy(() => {
    const maps = new Map([[INPUT, normalise(square)]]);
    for (const step of trunk.steps) maps.set(step.name, activate(weights, step, maps));
    const { s8, s16, head } = trunk.taps;
    const last = get(maps, head.name);
    return {
      s8: get(maps, s8.name),
      s16: get(maps, s16.name),
      pooled: tf.mean<tf.Tensor2D>(last, [1, 2]),
      head: explain ? last : undefined,
    };
  });
}

function activate(
  weights: Weights,
  { layer, stride: strides, relu6, source, residual }: Step,
  maps: ReadonlyMap<string, tf.Tensor4D>,
): tf.Tensor4D {
  const { kernel, bias } = weights.get(layer.name);
  const convolution = { x: get(maps, source), filter: kernel as tf.Tensor4D, bias, strides };
  const how = { ...convolution, pad: "same", activation: relu6 ? "relu6" : "linear" } as const;
  const y = layer.kind === "depthwise" ? tf.fused.depthwiseConv2d(how) : tf.fused.conv2d(how);
  return residual === null ? y : tf.add(y, get(maps, residual));
}

/** [1,size,size,3], `(rgb - mean) / scale`. */
function normalise(square: Uint8Array): tf.Tensor4D {
  const input = new Float32Array(square.length);
  for (let i = 0; i < square.length; i++) {
    input[i] = NORMALISED[square[i] as number] as number;
  }
  return tf.tensor4d(input, [1, size, size, 3]);
}

const get = (maps: ReadonlyMap<string, tf.Tensor4D>, name: string): tf.Tensor4D =>
  maps.get(name) as tf.Tensor4D;
