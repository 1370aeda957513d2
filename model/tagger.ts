import * as tf from "@tensorflow/tfjs-core";
import { perGroup } from "./labels.ts";
import { forward, type Logits, type Outputs, type Tagger } from "./network.ts";
import { preprocess } from "./preprocess.ts";
import type { Weights } from "./weights.ts";

/** What the host's backend runs on. */
export interface Runtime {
  simd: boolean;
  threads: number;
}

/** A tagger over loaded weights, which it keeps. Throws `RangeError` for an input of another size. */
export function createTagger(weights: Weights, runtime: Runtime): Tagger {
  return {
    engine: "float32",
    ...runtime,
    infer: (input) => probabilities(run(weights, input)),
  };
}

/** The network's raw answers in plain memory. */
export interface Answers {
  category: Float32Array;
  attributes: Outputs["attributes"];
  landmarks: Float32Array;
  presence: Float32Array;
}

/** `input`: size * size * 3 normalised values, NHWC -> logits and coordinates. */
export function run(weights: Weights, input: Float32Array): Answers {
  const { size } = preprocess;
  if (input.length !== size * size * 3) {
    throw new RangeError(`the network takes ${size * size * 3} values, not ${input.length}`);
  }
  const logits = tf.tidy(() => forward(weights, tf.tensor4d(input, [1, size, size, 3])));
  try {
    return read(logits);
  } finally {
    tf.dispose(logits);
  }
}

function read(logits: Logits): Answers {
  return {
    category: logits.category.dataSync<"float32">(),
    attributes: perGroup((group) => logits.attributes[group].dataSync<"float32">()),
    landmarks: logits.landmarks.dataSync<"float32">(),
    presence: logits.presence.dataSync<"float32">(),
  };
}

function probabilities(answers: Answers): Outputs {
  return {
    category: softmax(answers.category),
    attributes: perGroup((group) => answers.attributes[group].map(sigmoid)),
    landmarks: answers.landmarks,
    presence: answers.presence.map(sigmoid),
  };
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

function softmax(logits: Float32Array): Float32Array {
  const top = logits.reduce((a, b) => Math.max(a, b));
  const powers = logits.map((x) => Math.exp(x - top));
  const total = powers.reduce((a, b) => a + b);
  return powers.map((x) => x / total);
}
