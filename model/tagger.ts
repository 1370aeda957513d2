import * as tf from "@tensorflow/tfjs-core";
import type { Engine } from "./engine.ts";
import { evidenceOf } from "./evidence.ts";
import { Computation } from "./floats.ts";
import { type Group, labels, perGroup } from "./labels.ts";
import {
  type Features,
  forward,
  type InferOptions,
  type Logits,
  type Outputs,
  type Tagger,
  type TrunkMaps,
} from "./network.ts";
import { preprocess } from "./preprocess.ts";
import { softmax } from "./softmax.ts";

/** Logits are divided by these before they become probabilities (Guo et al. 2017). */
export type Temperatures = Readonly<Record<"category" | Group, number>>;

export const UNTEMPERED: Temperatures = { category: 1, ...perGroup(() => 1) };

/** A tagger over an engine, which it keeps. `simd`: what the host's backend runs on. */
export function createTagger(
  engine: Engine,
  { simd, temperatures = UNTEMPERED }: { simd: boolean; temperatures?: Temperatures },
): Tagger {
  return {
    engine: engine.name,
    simd,
    threads: engine.threads,
    infer: (square, { explain = false }: InferOptions = {}) =>
      withLogits(engine, square, explain, (net, logits) => {
        const outputs = probabilities(read(net, logits), temperatures);
        if (!explain) return outputs;
        const { category, presence } = outputs;
        return { ...outputs, evidence: evidenceOf(net, logits, category, presence) };
      }),
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
export function run(engine: Engine, square: Uint8Array): Answers {
  return withLogits(engine, square, false, read);
}

function withLogits<T>(
  engine: Engine,
  square: Uint8Array,
  explain: boolean,
  use: (net: Computation, logits: Logits & Features) => T,
): T {
  const values = preprocess.size ** 2 * 3;
  if (square.length !== values) {
    throw new RangeError(`the network takes ${values} bytes, not ${square.length}`);
  }
  const net = new Computation(engine.weights);
  let maps: TrunkMaps | undefined;
  try {
    maps = engine.trunk(square, explain);
    return use(net, forward(net, maps));
  } finally {
    net.dispose();
    tf.dispose(maps);
  }
}

function read(net: Computation, logits: Logits): Answers {
  const scores = net.read(logits.scores);
  let end = 0;
  const next = (count: number): Float32Array => {
    end += count;
    return scores.subarray(end - count, end);
  };
  return {
    category: next(labels.category.length),
    attributes: perGroup((group) => next(labels.attributes[group].length)),
    landmarks: net.read(logits.landmarks),
    presence: net.read(logits.presence),
  };
}

/** What the logits stand for. */
export function probabilities(answers: Answers, temperatures: Temperatures): Outputs {
  return {
    category: softmax(answers.category.map((logit) => logit / temperatures.category)),
    attributes: perGroup((group) =>
      answers.attributes[group].map((logit) => sigmoid(logit / temperatures[group])),
    ),
    landmarks: answers.landmarks,
    presence: answers.presence.map(sigmoid),
  };
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
