/**
 * The student's forward pass, batch norms folded (`training/networks/student.py`). The trunk is the
 * engine's (`float-trunk.ts`, or int8 in `kernels/`); what stands behind it is float32 in tfjs.
 * Shapes are NHWC for a 160 x 160 input and `model/student.json`.
 */
import * as tf from "@tensorflow/tfjs-core";
import { GROUPS, type Group } from "./labels.ts";
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

/** What the trunk hands on. */
export type TrunkMaps = {
  /** [1,20,20,40] */
  s8: tf.Tensor4D;
  /** [1,10,10,112] */
  s16: tf.Tensor4D;
  /** [1,1280]: the head's map averaged. */
  pooled: tf.Tensor2D;
  /** [1,5,5,1280]: the head's map, where it was asked for. */
  head: tf.Tensor4D | undefined;
};

/** The network's raw answers, as tensors that the caller disposes of. */
export type Logits = {
  /** Category, then the attribute groups in their order. */
  scores: tf.Tensor1D;
  landmarks: tf.Tensor2D;
  presence: tf.Tensor1D;
  /** One row per cell, one column per landmark. */
  heatmaps: tf.Tensor2D;
};

/** What an explanation needs besides: the recognition features before they are averaged. */
export type Features = {
  head: tf.Tensor4D | undefined;
  context: tf.Tensor4D;
};

type Activation = "relu6" | "linear";

/** Everything behind the trunk. */
export function forward(weights: Weights, { s8, s16, pooled, head }: TrunkMaps): Logits & Features {
  const glem = globalLocal(weights, s16); // [1,10,10,96]
  const heatmaps = decode(weights, glem, s8); // [400,8], side 20
  const context = conv(weights, "context.conv", glem); // [1,10,10,256]
  const shared = tf.concat([pooled, mean(context)], 1); // [1,1536]
  return {
    scores: recognise(weights, shared), // [117]
    landmarks: softArgmax(weights, heatmaps, s8.shape[1], s8.shape[2]), // [8,2]
    presence: presence(weights, glem, heatmaps), // [8]
    heatmaps,
    head,
    context,
  };
}

/** Global-Local Embedding Module: a non-local block, then two chained separable convolutions. */
function globalLocal(weights: Weights, s16: tf.Tensor4D): tf.Tensor4D {
  const reduced = conv(weights, "glem.reduce.conv", s16); // [1,10,10,96]
  const global = nonLocal(weights, reduced); // [1,10,10,96]
  const local = separable(weights, "glem.conv1", global); // [1,10,10,96]
  return separable(weights, "glem.conv2", local); // [1,10,10,96]
}

/** Embedded-Gaussian non-local block (Wang et al. 2018, eq. 4 and 6), unscaled softmax. */
function nonLocal(weights: Weights, x: tf.Tensor4D): tf.Tensor4D {
  const [, h, w] = x.shape;
  const embed = (name: string): tf.Tensor2D =>
    tf.reshape(conv(weights, `glem.nonlocal_.${name}`, x, "linear"), [h * w, -1]);
  const theta = embed("theta"); // [100,48]
  const phi = embed("phi"); // [100,48]
  const g = embed("g"); // [100,48]
  // Transposed apart: tfjs's product with a transposed factor is eight times slower.
  const attention = tf.softmax(tf.matMul(theta, tf.transpose(phi))); // [100,100], rows sum to 1
  const y: tf.Tensor4D = tf.reshape(tf.matMul(attention, g), [1, h, w, -1]); // [1,10,10,48]
  return tf.add(x, conv(weights, "glem.nonlocal_.w", y, "linear")); // [1,10,10,96]
}

/** Heatmap logits at stride 8, one row per cell, one column per landmark. */
function decode(weights: Weights, glem: tf.Tensor4D, s8: tf.Tensor4D): tf.Tensor2D {
  const [, h, w] = s8.shape;
  const squeezed = conv(weights, "decoder.squeeze.conv", glem); // [1,10,10,32]
  const up = tf.image.resizeBilinear(squeezed, [h, w], false, true); // [1,20,20,32]
  const lateral = conv(weights, "decoder.lateral.conv", s8); // [1,20,20,32]
  const joined = tf.concat([up, lateral], 3); // [1,20,20,64]
  const features = separable(weights, "decoder.conv", joined); // [1,20,20,48]
  const heatmaps = conv(weights, "decoder.out", features, "linear"); // [1,20,20,8]
  return tf.reshape(heatmaps, [h * w, -1]); // [400,8]
}

/** Expectation of x and y over the spatial softmax, cell centres, in fractions. */
function softArgmax(weights: Weights, heatmaps: tf.Tensor2D, h: number, w: number): tf.Tensor2D {
  const centres = weights.constant("centres", () => cellCentres(h, w)); // [400,2]
  const share = tf.softmax(tf.transpose(heatmaps)); // [8,400], rows sum to 1
  return tf.matMul(share, centres as tf.Tensor2D); // [8,2]
}

function cellCentres(h: number, w: number): tf.Tensor2D {
  const centres = new Float32Array(h * w * 2);
  for (let i = 0; i < h * w; i++) {
    centres[2 * i] = ((i % w) + 0.5) / w;
    centres[2 * i + 1] = (Math.floor(i / w) + 0.5) / h;
  }
  return tf.tensor2d(centres, [h * w, 2]);
}

function presence(weights: Weights, glem: tf.Tensor4D, heatmaps: tf.Tensor2D): tf.Tensor1D {
  const peaks = tf.max<tf.Tensor2D>(heatmaps, 0, true); // [1,8]
  const { kernel, bias } = weights.get("presence");
  return dense(tf.concat([mean(glem), peaks], 1), kernel, bias); // [8]
}

/** All recognition heads in one product. */
function recognise(weights: Weights, x: tf.Tensor2D): tf.Tensor1D {
  const heads = ["category", ...GROUPS.map((group) => `attributes.${group}`)].map((name) =>
    weights.get(name),
  );
  const kernel = weights.constant("heads", () =>
    tf.concat(
      heads.map((head) => head.kernel),
      1,
    ),
  );
  const bias = weights.constant("heads.bias", () => tf.concat(heads.map((head) => head.bias)));
  return dense(x, kernel, bias as tf.Tensor1D); // [117]
}

/** [1,h,w,c] -> [1,c]. */
function mean(x: tf.Tensor4D): tf.Tensor2D {
  const [, h, w, channels] = x.shape;
  return tf.reshape(tf.avgPool(x, [h, w], 1, "valid"), [1, channels]);
}

/** Depthwise 3x3, then 1x1, ReLU6 behind both. */
function separable(weights: Weights, path: string, x: tf.Tensor4D): tf.Tensor4D {
  return conv(weights, `${path}.pointwise`, depthwise(weights, `${path}.depthwise`, x));
}

export function conv(
  weights: Weights,
  name: string,
  x: tf.Tensor4D,
  activation: Activation = "relu6",
  strides = 1,
): tf.Tensor4D {
  const { kernel, bias } = weights.get(name);
  return tf.fused.conv2d({
    ...{ x, filter: kernel as tf.Tensor4D, bias, strides, pad: "same", activation },
  });
}

export function depthwise(
  weights: Weights,
  name: string,
  x: tf.Tensor4D,
  strides = 1,
): tf.Tensor4D {
  const { kernel, bias } = weights.get(name);
  return tf.fused.depthwiseConv2d({
    ...{ x, filter: kernel as tf.Tensor4D, bias, strides, pad: "same", activation: "relu6" },
  });
}

/** `x` [1,inputs] -> [outputs]. */
function dense(x: tf.Tensor2D, kernel: tf.Tensor, bias: tf.Tensor1D): tf.Tensor1D {
  const out = tf.fused.matMul({ a: x, b: kernel as tf.Tensor2D, bias }); // [1,outputs]
  return tf.reshape(out, [-1]);
}
