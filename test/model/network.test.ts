import simd from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { GROUPS, labels } from "../../model/labels.ts";
import { preprocess } from "../../model/preprocess.ts";
import { createTagger } from "../../model/tagger.ts";
import { Weights } from "../../model/weights.ts";
import { startBackend } from "../../worker/hosts/tfjs.ts";
import { randomInput, randomLayers } from "./random-weights.ts";

const input = randomInput(preprocess.size);
const runtime = { simd: true, threads: 1 };
let weights: Weights;

beforeAll(() => {
  startBackend(simd);
  weights = new Weights(randomLayers());
});

describe("a tagger over an untrained network", () => {
  it("gives one answer per label, all probabilities", () => {
    const outputs = createTagger(weights, runtime).infer(input);
    expect(outputs.category).toHaveLength(labels.category.length);
    expect(outputs.category.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    for (const group of GROUPS) {
      expect(outputs.attributes[group]).toHaveLength(labels.attributes[group].length);
    }
    expect(outputs.landmarks).toHaveLength(2 * labels.landmarks.length);
    expect(outputs.presence).toHaveLength(labels.landmarks.length);
    const all = [outputs.category, outputs.landmarks, outputs.presence].concat(
      Object.values(outputs.attributes),
    );
    for (const value of all.flatMap((array) => [...array])) {
      expect(value).toBeGreaterThan(0);
      expect(value).toBeLessThan(1);
    }
  });

  it("answers from the picture: the same for the same, other for another", () => {
    const tagger = createTagger(weights, runtime);
    const first = tagger.infer(input);
    expect(tagger.infer(input)).toEqual(first);
    const other = tagger.infer(randomInput(preprocess.size, 3));
    expect(other.category).not.toEqual(first.category);
    expect(other.landmarks).not.toEqual(first.landmarks);
  });

  it("keeps no tensor from one inference to the next", () => {
    const tagger = createTagger(weights, runtime);
    tagger.infer(input);
    const { numTensors, numBytes } = tf.memory();
    for (let i = 0; i < 50; i++) tagger.infer(input);
    expect(tf.memory()).toMatchObject({ numTensors, numBytes });
  }, 60_000);

  it("refuses an input of another size, and keeps nothing of it", () => {
    const { numTensors } = tf.memory();
    const tagger = createTagger(weights, runtime);
    expect(() => tagger.infer(randomInput(preprocess.size - 1))).toThrow(RangeError);
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it("names the layer that the weights lack, and keeps nothing of the attempt", () => {
    const partial = new Weights([...randomLayers()].filter(({ name }) => name !== "join.conv"));
    const { numTensors } = tf.memory();
    expect(() => createTagger(partial, runtime).infer(input)).toThrow('"join.conv"');
    expect(tf.memory().numTensors).toBe(numTensors);
    partial.dispose();
  });

  it("gives every byte back when the weights are disposed of", () => {
    const { numTensors, numBytes } = tf.memory();
    const second = new Weights(randomLayers());
    expect(tf.memory().numTensors).toBeGreaterThan(numTensors);
    second.dispose();
    expect(tf.memory()).toMatchObject({ numTensors, numBytes });
  });
});
