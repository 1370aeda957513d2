/**
 * The student's forward pass, batch norms folded (`training/networks/student.py`). The trunk is the
 * engine's (`float-trunk.ts`, or int8 in `kernels/`); what stands behind it is float32 in tfjs.
 * Shapes are NHWC for a 160 x 160 input and `model/student.json`.
 */
import * as tf from "@tensorflow/tfjs-core";
import { type Computation, type Floats, shaped, sides } from "./floats.ts";
import { GROUPS, type Group } from "./labels.ts";
import type { LayerTensors, Weights } from "./weights.ts";

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
   * to the logit; positive speaks for the category. What was read at the landmarks is shared out where it
   * was read. A map's mean is the logit less the bias.
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

/** The network's raw answers. */
export type Logits = {
  /** [1,117]: category, then the attribute groups in their order. */
  scores: Floats;
  /** [8,2] */
  landmarks: Floats;
  /** [1,8] */
  presence: Floats;
};

/** What an explanation needs besides: maps before they are averaged. */
export type Features = {
  /** One row per cell, one column per landmark. */
  heatmaps: Floats;
  head: tf.Tensor4D | undefined;
  context: Floats;
  /** [1,192]: what was read at the landmarks. */
  local: Floats;
};

/** Everything behind the trunk. */
export function forward(net: Computation, { s8, s16, pooled, head }: TrunkMaps): Logits & Features {
  const glem = globalLocal(net, s16); // [1,10,10,96]
  const heatmaps = decode(net, glem, s8); // [400,8], side 20
  const marks = net.transpose(heatmaps); // [8,400]
  const shares = net.softmax(marks); // [8,400], rows sum to 1
  const seen = presence(net, glem, marks); // [1,8]
  const context = net.conv("context.conv", glem); // [1,10,10,256]
  const whole = net.join(pooled, net.mean(context)); // [1,1536]
  const local = readAtLandmarks(net, s16, shares, seen); // [1,192]
  return {
    scores: net.dense(heads(net.weights), net.join(whole, local)), // [1,117]
    landmarks: softArgmax(net, shares, s8.shape[1], s8.shape[2]), // [8,2]
    presence: seen,
    heatmaps,
    head,
    context,
    local,
  };
}

/** Global-Local Embedding Module: a non-local block, then two chained separable convolutions. */
function globalLocal(net: Computation, s16: Floats): Floats {
  const reduced = net.conv("glem.reduce.conv", s16); // [1,10,10,96]
  const global = nonLocal(net, reduced); // [1,10,10,96]
  const local = separable(net, "glem.conv1", global); // [1,10,10,96]
  return separable(net, "glem.conv2", local); // [1,10,10,96]
}

/** Embedded-Gaussian non-local block (Wang et al. 2018, eq. 4 and 6), unscaled softmax. */
function nonLocal(net: Computation, x: Floats): Floats {
  const [, h, w] = sides(x);
  const embed = (name: string): Floats => rows(net.conv(`glem.nonlocal_.${name}`, x, "linear"));
  const theta = embed("theta"); // [100,48]
  const phi = embed("phi"); // [100,48]
  const g = embed("g"); // [100,48]
  // Transposed apart: tfjs's product with a transposed factor is eight times slower.
  const attention = net.softmax(net.matMul(theta, net.transpose(phi))); // [100,100], rows sum to 1
  const y = net.matMul(attention, g); // [100,48]
  const back = shaped(y, [1, h, w, ...y.shape.slice(1)]); // [1,10,10,48]
  return net.add(x, net.conv("glem.nonlocal_.w", back, "linear")); // [1,10,10,96]
}

/** Heatmap logits at stride 8, one row per cell, one column per landmark. */
function decode(net: Computation, glem: Floats, s8: Floats): Floats {
  const [, h, w] = sides(s8);
  const squeezed = net.conv("decoder.squeeze.conv", glem); // [1,10,10,32]
  const up = net.resize(squeezed, h, w); // [1,20,20,32]
  const lateral = net.conv("decoder.lateral.conv", s8); // [1,20,20,32]
  const joined = net.join(up, lateral); // [1,20,20,64]
  const features = separable(net, "decoder.conv", joined); // [1,20,20,48]
  return rows(net.conv("decoder.out", features, "linear")); // [400,8]
}

/** Expectation of x and y over the spatial softmax, cell centres, in fractions. */
function softArgmax(net: Computation, shares: Floats, h: number, w: number): Floats {
  const centres = net.weights.constant("centres", () => cellCentres(h, w)); // [400,2]
  return net.matMul(shares, centres); // [8,2]
}

/**
 * The map at stride 16 averaged under each landmark's heatmap, times the landmark's probability:
 * FashionNet's pooling at landmarks (Liu et al. 2016, section 3.1), softly.
 */
function readAtLandmarks(net: Computation, s16: Floats, shares: Floats, seen: Floats): Floats {
  const [, h, w, channels] = sides(s16);
  const fours = net.weights.constant("fours", () => sumsOfFour(h, w)); // [400,100]
  const reading = net.matMul(net.matMul(shares, fours), rows(s16)); // [8,112]
  const [marks] = reading.shape as [number, number];
  const weighted = net.multiply(reading, shaped(net.sigmoid(seen), [marks, 1])); // [8,112]
  return net.dense(net.weights.get("local"), shaped(weighted, [1, marks * channels]), "relu6");
}

/** Sums the four cells of a map [2h,2w] that lie in one of [h,w]. */
function sumsOfFour(h: number, w: number): tf.Tensor2D {
  const sums = new Float32Array(4 * h * w * h * w);
  for (let i = 0; i < 4 * h * w; i++) {
    const [y, x] = [Math.floor(i / (2 * w)), i % (2 * w)];
    sums[i * h * w + (y >> 1) * w + (x >> 1)] = 1;
  }
  return tf.tensor2d(sums, [4 * h * w, h * w]);
}

function cellCentres(h: number, w: number): tf.Tensor2D {
  const centres = new Float32Array(h * w * 2);
  for (let i = 0; i < h * w; i++) {
    centres[2 * i] = ((i % w) + 0.5) / w;
    centres[2 * i + 1] = (Math.floor(i / w) + 0.5) / h;
  }
  return tf.tensor2d(centres, [h * w, 2]);
}

function presence(net: Computation, glem: Floats, marks: Floats): Floats {
  const peaks = net.max(marks); // [8]
  const seen = net.join(net.mean(glem), shaped(peaks, [1, ...peaks.shape])); // [1,104]
  return net.dense(net.weights.get("presence"), seen); // [1,8]
}

/** All recognition heads as one layer. */
function heads(weights: Weights): LayerTensors {
  const layers = () =>
    ["category", ...GROUPS.map((group) => `attributes.${group}`)].map((name) => weights.get(name));
  const kernel = weights.constant("heads", () =>
    tf.concat(
      layers().map((head) => head.kernel),
      1,
    ),
  );
  const bias = weights.constant("heads.bias", () => tf.concat(layers().map((head) => head.bias)));
  return { kernel, bias: bias as tf.Tensor1D };
}

/** [1,h,w,c] -> [h*w,c]. */
function rows(x: Floats): Floats {
  const [, h, w, channels] = sides(x);
  return shaped(x, [h * w, channels]);
}

/** Depthwise 3x3, then 1x1, ReLU6 behind both. */
function separable(net: Computation, path: string, x: Floats): Floats {
  return net.conv(`${path}.pointwise`, net.depthwise(`${path}.depthwise`, x));
}
