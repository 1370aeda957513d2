import simd from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { type Engine, float32Engine } from "../../model/engine.ts";
import { GROUPS, labels } from "../../model/labels.ts";
import { preprocess } from "../../model/preprocess.ts";
import { createTagger } from "../../model/tagger.ts";
import { Weights } from "../../model/weights.ts";
import { startBackend } from "../../worker/hosts/tfjs.ts";
import { randomLayers, randomSquare } from "./random-weights.ts";

const square = randomSquare(preprocess.size);
const options = { simd: true };
let weights: Weights;
let engine: Engine;

beforeAll(() => {
  startBackend(simd);
  weights = new Weights(randomLayers());
  engine = float32Engine(weights);
});

describe("a tagger over an untrained network", () => {
  it("gives one answer per label, all probabilities", () => {
    const outputs = createTagger(engine, options).infer(square);
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
    const tagger = createTagger(engine, options);
    const first = tagger.infer(square);
    expect(tagger.infer(square)).toEqual(first);
    const other = tagger.infer(randomSquare(preprocess.size, 3));
    expect(other.category).not.toEqual(first.category);
    expect(other.landmarks).not.toEqual(first.landmarks);
  });

  it("explains only when asked", () => {
    const tagger = createTagger(engine, options);
    expect(tagger.infer(square).evidence).toBeUndefined();
    const { evidence, ...outputs } = tagger.infer(square, { explain: true });
    expect(outputs).toEqual(tagger.infer(square));
    expect(evidence).toBeDefined();
  });

  it("shows landmarks where it sees them: each map sums to the presence", () => {
    const { evidence, presence, landmarks } = explained();
    const { side, values } = evidence.heatmaps;
    for (const [i, seen] of presence.entries()) {
      const map = values.subarray(i * side * side, (i + 1) * side * side);
      const sum = map.reduce((a, b) => a + b);
      const x = map.reduce((a, p, cell) => a + (p * ((cell % side) + 0.5)) / side, 0);
      expect(sum).toBeCloseTo(seen, 5);
      expect(x / sum).toBeCloseTo(landmarks[2 * i] as number, 5);
    }
  });

  it("shows what speaks for the best categories: maps differ as the logits do", () => {
    const { evidence, category } = explained();
    const { side, values, indices } = evidence.categories;
    expect(indices).toHaveLength(3);
    expect(category[indices[0] as number]).toBe(Math.max(...category));
    const bias = weights.get("category").bias.dataSync();
    const [a, b] = indices.slice(0, 2).map((label, i) => {
      const map = values.subarray(i * side * side, (i + 1) * side * side);
      const logit = map.reduce((x, y) => x + y) / map.length + (bias[label] as number);
      return { logit, score: Math.log(category[label] as number) };
    }) as [{ logit: number; score: number }, { logit: number; score: number }];
    expect(a.logit - b.logit).toBeCloseTo(a.score - b.score, 3);
  });

  function explained() {
    const outputs = createTagger(engine, options).infer(square, { explain: true });
    if (outputs.evidence === undefined) throw new Error("no evidence");
    return { ...outputs, evidence: outputs.evidence };
  }

  it("keeps no tensor from one inference to the next", () => {
    const tagger = createTagger(engine, options);
    tagger.infer(square);
    const { numTensors, numBytes } = tf.memory();
    for (let i = 0; i < 50; i++) tagger.infer(square, { explain: i % 2 === 0 });
    expect(tf.memory()).toMatchObject({ numTensors, numBytes });
  }, 60_000);

  it("refuses an input of another size, and keeps nothing of it", () => {
    const { numTensors } = tf.memory();
    const tagger = createTagger(engine, options);
    expect(() => tagger.infer(randomSquare(preprocess.size - 1))).toThrow(RangeError);
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it("names the layer that the weights lack, and keeps nothing of the attempt", () => {
    const partial = new Weights([...randomLayers()].filter(({ name }) => name !== "context.conv"));
    const { numTensors } = tf.memory();
    expect(() => createTagger(float32Engine(partial), options).infer(square)).toThrow(
      '"context.conv"',
    );
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
