import * as tf from "@tensorflow/tfjs-core";
import { evidenceOf } from "./evidence.ts";
import { perGroup } from "./labels.ts";
import { forward, type InferOptions, type Logits, type Outputs, type Tagger } from "./network.ts";
import { preprocess } from "./preprocess.ts";
import type { Weights } from "./weights.ts";

/** What the host's backend runs on. */
export interface Runtime {
  simd: boolean;
  threads: number;
}

/** A tagger over loaded weights, which it keeps. */
export function createTagger(weights: Weights, runtime: Runtime): Tagger {
  return {
    engine: "float32",
    ...runtime,
    infer: (square, options = {}) =>
      withLogits(weights, square, (logits) => outputsOf(weights, logits, options)),
  };
}

/** The network's raw answers in plain memory. */
export interface Answers {
  category: Float32Array;
  attributes: Outputs["attributes"];
  landmarks: Float32Array;
  presence: Float32Array;
}

/** `square`: size * size RGB pixels -> logits and coordinates. */
export function run(weights: Weights, square: Uint8Array): Answers {
  return withLogits(weights, square, read);
}

function withLogits<T>(weights: Weights, square: Uint8Array, use: (logits: Logits) => T): T {
  const { size } = preprocess;
  const input = normalise(square);
  const logits = tf.tidy(() => forward(weights, tf.tensor4d(input, [1, size, size, 3])));
  try {
    return use(logits);
  } finally {
    tf.dispose(logits);
  }
}

const NORMALISED = Float32Array.from(
  { length: 256 },
  (_, value) => (value - preprocess.mean) / preprocess.scale,
);

/** NHWC, `(rgb - mean) / scale`. */
function normalise(square: Uint8Array): Float32Array {
  const { size } = preprocess;
  if (square.length !== size * size * 3) {
    throw new RangeError(`the network takes ${size * size * 3} bytes, not ${square.length}`);
  }
  const input = new Float32Array(square.length);
  for (let i = 0; i < square.length; i++) {
    input[i] = NORMALISED[square[i] as number] as number;
  }
  return input;
}

function read(logits: Logits): Answers {
  return {
    category: logits.category.dataSync<"float32">(),
    attributes: perGroup((group) => logits.attributes[group].dataSync<"float32">()),
    landmarks: logits.landmarks.dataSync<"float32">(),
    presence: logits.presence.dataSync<"float32">(),
  };
}

function outputsOf(weights: Weights, logits: Logits, { explain = false }: InferOptions): Outputs {
  const answers = read(logits);
  const outputs = {
    category: softmax(answers.category),
    attributes: perGroup((group) => answers.attributes[group].map(sigmoid)),
    landmarks: answers.landmarks,
    presence: answers.presence.map(sigmoid),
  };
  if (!explain) return outputs;
  const evidence = evidenceOf(weights, logits, outputs.category, outputs.presence);
  return { ...outputs, evidence };
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

function softmax(logits: Float32Array): Float32Array {
  const top = logits.reduce((a, b) => Math.max(a, b));
  const powers = logits.map((x) => Math.exp(x - top));
  const total = powers.reduce((a, b) => a + b);
  return powers.map((x) => x / total);
}
