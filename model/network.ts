/**
 * The student's forward pass, float32, batch norms folded (`training/networks/student.py`).
 * Shapes are NHWC for a 192 x 192 input.
 */
import * as tf from "@tensorflow/tfjs-core";
import { BLOCKS, type Block } from "./architecture.ts";
import { type Group, perGroup } from "./labels.ts";
import type { Weights } from "./weights.ts";

/** Probabilities 0..1, in the order of `model/labels.json`. */
export interface Outputs {
  category: Float32Array;
  attributes: Record<Group, Float32Array>;
  /** x, y of each landmark in turn: fractions of the picture's width and height. */
  landmarks: Float32Array;
  /** Per landmark: the garment has it and it lies in the picture. */
  presence: Float32Array;
  /** Where the network looked; only where it was asked for. */
  evidence?: Evidence;
}

/** Square maps over the picture, one after another, row-major from the top left. */
export interface SquareMaps {
  /** Cells each way. */
  side: number;
  /** [maps,side,side]. */
  values: Float32Array;
}

export interface Evidence {
  /** One map a landmark: spatial softmax times presence, so that a map sums to the presence. */
  heatmaps: SquareMaps;
  /**
   * One map for each of the best categories (class activation, Zhou et al. 2016): what each cell adds
   * to the logit; positive speaks for the category. A map's mean is the logit less the bias.
   */
  categories: SquareMaps & { indices: number[] };
}

export type EngineName = "int8" | "float32";

export interface InferOptions {
  /** Gives `Outputs.evidence` too. */
  explain?: boolean;
}

/** A loaded network. */
export interface Tagger {
  readonly engine: EngineName;
  readonly simd: boolean;
  readonly threads: number;
  /**
   * `square`: the upright picture squashed, size * size RGB pixels, as bytes; normalisation is the
   * engine's business. Throws `RangeError` for a square of another size.
   */
  infer(square: Uint8Array, options?: InferOptions): Outputs;
}

/** The network's raw answers, as tensors that the caller disposes of. */
export type Logits = {
  category: tf.Tensor1D;
  attributes: Record<Group, tf.Tensor1D>;
  landmarks: tf.Tensor2D;
  presence: tf.Tensor1D;
  /** Logits, one row per cell, one column per landmark. */
  heatmaps: tf.Tensor2D;
  /** The recognition heads' features before they are averaged. */
  features: tf.Tensor4D;
};

interface Maps {
  s8: tf.Tensor4D;
  s16: tf.Tensor4D;
  s32: tf.Tensor4D;
}

type Activation = "relu6" | "linear";

/** `image` [1,size,size,3] -> logits and coordinates; `size` is a multiple of 32. */
export function forward(weights: Weights, image: tf.Tensor4D): Logits {
  return tf.tidy(() => {
    const maps = trunk(weights, image); // s8 [1,24,24,40], s16 [1,12,12,112], s32 [1,6,6,320]
    const glem = globalLocal(weights, maps.s16); // [1,12,12,128]
    const heatmaps = decode(weights, glem, maps.s8); // [576,8], side 24
    const features = join(weights, maps.s32, glem); // [1,6,6,1280]
    const pooled = tf.mean<tf.Tensor2D>(features, [1, 2]); // [1,1280]
    return {
      category: dense(weights, "category", pooled), // [30]
      attributes: perGroup((group) => dense(weights, `attributes.${group}`, pooled)), // [G] each
      landmarks: softArgmax(heatmaps, maps.s8.shape[1], maps.s8.shape[2]), // [8,2]
      presence: presence(weights, glem, heatmaps), // [8]
      heatmaps,
      features,
    };
  });
}

/** EfficientNet-Lite0 without its head. */
function trunk(weights: Weights, image: tf.Tensor4D): Maps {
  const maps: Partial<Maps> = {};
  let x = conv(weights, "trunk._conv_stem", image, 2); // [1,96,96,32]
  for (const block of BLOCKS) {
    x = invertedResidual(weights, block, x); // [1,h/stride,w/stride,outputs]
    if (block.tap !== null) maps[block.tap] = x;
  }
  return maps as Maps;
}

function invertedResidual(weights: Weights, block: Block, x: tf.Tensor4D): tf.Tensor4D {
  const { path, stride } = block;
  const wide = block.expands ? conv(weights, `${path}._expand_conv`, x) : x; // [1,h,w,hidden]
  const deep = depthwise(weights, `${path}._depthwise_conv`, wide, stride); // [1,h/s,w/s,hidden]
  const out = conv(weights, `${path}._project_conv`, deep, 1, "linear"); // [1,h/s,w/s,outputs]
  return block.residual ? tf.add(x, out) : out;
}

/** Global-Local Embedding Module: a non-local block, then two chained 3x3 convolutions. */
function globalLocal(weights: Weights, s16: tf.Tensor4D): tf.Tensor4D {
  const reduced = conv(weights, "glem.reduce.conv", s16); // [1,12,12,128]
  const global = nonLocal(weights, reduced); // [1,12,12,128]
  const local = conv(weights, "glem.conv1.conv", global); // [1,12,12,128]
  return conv(weights, "glem.conv2.conv", local); // [1,12,12,128]
}

/** Embedded-Gaussian non-local block (Wang et al. 2018, eq. 4 and 6), unscaled softmax. */
function nonLocal(weights: Weights, x: tf.Tensor4D): tf.Tensor4D {
  const [, h, w] = x.shape;
  const embed = (name: string): tf.Tensor2D =>
    tf.reshape(conv(weights, `glem.nonlocal_.${name}`, x, 1, "linear"), [h * w, -1]);
  const theta = embed("theta"); // [144,64]
  const phi = embed("phi"); // [144,64]
  const g = embed("g"); // [144,64]
  const attention = tf.softmax(tf.matMul(theta, phi, false, true)); // [144,144], rows sum to 1
  const y: tf.Tensor4D = tf.reshape(tf.matMul(attention, g), [1, h, w, -1]); // [1,12,12,64]
  return tf.add(x, conv(weights, "glem.nonlocal_.w", y, 1, "linear")); // [1,12,12,128]
}

/** Heatmap logits at stride 8, one row per cell, one column per landmark. */
function decode(weights: Weights, glem: tf.Tensor4D, s8: tf.Tensor4D): tf.Tensor2D {
  const [, h, w] = s8.shape;
  const up = tf.image.resizeBilinear(glem, [h, w], false, true); // [1,24,24,128]
  const lateral = conv(weights, "decoder.lateral.conv", s8); // [1,24,24,32]
  const joined = tf.concat([up, lateral], 3); // [1,24,24,160]
  const features = conv(weights, "decoder.conv.conv", joined); // [1,24,24,64]
  const heatmaps = conv(weights, "decoder.out", features, 1, "linear"); // [1,24,24,8]
  return tf.reshape(heatmaps, [h * w, -1]); // [576,8]
}

/** Expectation of x and y over the spatial softmax, cell centres, in fractions. */
function softArgmax(heatmaps: tf.Tensor2D, h: number, w: number): tf.Tensor2D {
  const centres = new Float32Array(h * w * 2);
  for (let i = 0; i < h * w; i++) {
    centres[2 * i] = ((i % w) + 0.5) / w;
    centres[2 * i + 1] = (Math.floor(i / w) + 0.5) / h;
  }
  const share = tf.softmax(tf.transpose(heatmaps)); // [8,576], rows sum to 1
  return tf.matMul(share, tf.tensor2d(centres, [h * w, 2])); // [8,2]
}

function presence(weights: Weights, glem: tf.Tensor4D, heatmaps: tf.Tensor2D): tf.Tensor1D {
  const context = tf.mean<tf.Tensor2D>(glem, [1, 2]); // [1,128]
  const peaks = tf.max<tf.Tensor2D>(heatmaps, 0, true); // [1,8]
  return dense(weights, "presence", tf.concat([context, peaks], 1)); // [8]
}

/** The trunk's last map and the GLEM map, joined: the recognition heads' features. */
function join(weights: Weights, s32: tf.Tensor4D, glem: tf.Tensor4D): tf.Tensor4D {
  const halved = tf.avgPool(glem, 2, 2, "valid"); // [1,6,6,128]
  return conv(weights, "join.conv", tf.concat([s32, halved], 3)); // [1,6,6,1280]
}

function conv(
  weights: Weights,
  name: string,
  x: tf.Tensor4D,
  stride = 1,
  activation: Activation = "relu6",
): tf.Tensor4D {
  const { kernel, bias } = weights.get(name);
  const filter = kernel as tf.Tensor4D;
  return tf.fused.conv2d({ x, filter, strides: stride, pad: "same", bias, activation });
}

function depthwise(weights: Weights, name: string, x: tf.Tensor4D, stride: number): tf.Tensor4D {
  const { kernel, bias } = weights.get(name);
  const filter = kernel as tf.Tensor4D;
  const activation = "relu6";
  return tf.fused.depthwiseConv2d({ x, filter, strides: stride, pad: "same", bias, activation });
}

/** `x` [1,inputs] -> [outputs]. */
function dense(weights: Weights, name: string, x: tf.Tensor2D): tf.Tensor1D {
  const { kernel, bias } = weights.get(name);
  const out = tf.add(tf.matMul(x, kernel as tf.Tensor2D), bias); // [1,outputs]
  return tf.reshape(out, [-1]);
}
