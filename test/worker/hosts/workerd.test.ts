import simd from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import weights from "../../../model/artefact/weights.bin";
import { ArtefactError } from "../../../model/artefact.ts";
import { labels } from "../../../model/labels.ts";
import { preprocess } from "../../../model/preprocess.ts";
import { startTagger, workerd } from "../../../worker/hosts/workerd.ts";
import empty from "../../fixtures/empty.wasm";
import { randomSquare } from "../../model/random-weights.ts";

const square = randomSquare(preprocess.size);

describe("this isolate's tagger", () => {
  it("runs the shipped artefact, int8 with SIMD on one thread", () => {
    const tagger = workerd.tagger();
    expect(tagger).toMatchObject({ engine: "int8", simd: true, threads: 1 });
    expect(tagger.infer(square).category).toHaveLength(labels.category.length);
  });

  it("is started once", () => {
    expect(workerd.tagger()).toBe(workerd.tagger());
  });
});

describe("a start that fails", () => {
  it("throws on weights cut short, and keeps no tensor of them", () => {
    const { numTensors } = tf.memory();
    const cut = weights.slice(0, weights.byteLength - 1);
    expect(() => startTagger(simd, cut)).toThrow(ArtefactError);
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it("is followed by one that succeeds", () => {
    expect(() => startTagger(empty, weights)).toThrow();
    const { category } = startTagger(simd, weights).infer(square);
    expect(category.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
  });
});
