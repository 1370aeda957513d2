import { describe, expect, it } from "vitest";
import { relu6Mean } from "../../build/clipped-normal.ts";
import { correctBias } from "../../build/correct-bias.ts";
import { expectedInputs } from "../../build/expected-inputs.ts";
import { quantise } from "../../build/quantise.ts";
import { type Layer, layersOf } from "../../model/architecture.ts";
import { labels } from "../../model/labels.ts";
import type { FloatLayer } from "../../model/weights.ts";
import { seededRandom } from "../model/random-weights.ts";
import { untrainedTensors } from "./checkpoint.ts";

describe("the mean behind batch norm and ReLU6", () => {
  it.each([
    [0, 1],
    [1, 0.5],
    [-2, 1],
    [3, 4],
    [7, 2],
    [2, -1],
  ])("of N(%d, %d^2) is what numerical integration gives", (mean, deviation) => {
    let sum = 0;
    const step = 1e-3;
    for (let z = -8; z < 8; z += step) {
      const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
      sum += Math.min(6, Math.max(0, mean + deviation * z)) * density * step;
    }
    expect(relu6Mean(mean, deviation)).toBeCloseTo(sum, 3);
  });

  it("of a channel that never varies is its clipped value", () => {
    expect([-1, 2, 9].map((mean) => relu6Mean(mean, 0))).toEqual([0, 2, 6]);
  });
});

describe("bias correction", () => {
  const random = seededRandom(9);
  const layers: Layer[] = [
    { name: "l", kind: "conv", kernel: 3, inputs: 4, outputs: 5, norm: "n" },
    { name: "l", kind: "depthwise", kernel: 3, inputs: 6, outputs: 6, norm: "n" },
    { name: "l", kind: "dense", kernel: 1, inputs: 8, outputs: 3, norm: null },
  ];

  it.each(layers)("leaves a $kind layer's mean output as it was", (layer) => {
    const { kind, kernel, inputs, outputs } = layer;
    const perFilter = kind === "depthwise" ? 1 : inputs;
    const values = (n: number): Float32Array => Float32Array.from({ length: n }, random);
    const float: FloatLayer = {
      name: "l",
      shape: [],
      kernel: values(kernel * kernel * perFilter * outputs),
      bias: values(outputs),
    };
    const means = Float64Array.from({ length: inputs }, random);
    const rounded = quantise(float);
    const corrected = correctBias(layer, float, rounded, means);
    /** Each output for an input that is its mean everywhere. */
    const output = (weights: ArrayLike<number>, bias: Float32Array): number[] => {
      const sums = [...bias];
      for (let i = 0; i < weights.length; i++) {
        const out = i % outputs;
        const input = kind === "depthwise" ? out : Math.floor(i / outputs) % inputs;
        sums[out] = (sums[out] as number) + (weights[i] as number) * (means[input] as number);
      }
      return sums;
    };
    const stored = Float32Array.from(
      rounded.kernel,
      (steps, i) => steps * (rounded.scales[i % outputs] as number),
    );
    const wanted = output(float.kernel, float.bias);
    const before = output(stored, rounded.bias);
    const after = output(stored, corrected.bias);
    for (const [out, value] of wanted.entries()) expect(after[out]).toBeCloseTo(value, 5);
    expect(before).not.toEqual(after);
  });

  it("knows the input means of every layer but the first and the presence head", () => {
    const tensors = untrainedTensors();
    const means = expectedInputs((name) =>
      Float32Array.from(tensors.get(name)?.data as Float32Array),
    );
    for (const { name, inputs } of layersOf(labels)) {
      const wanted = name === "trunk._conv_stem" || name === "presence" ? undefined : inputs;
      expect([name, means.get(name)?.length]).toEqual([name, wanted]);
    }
  });
});
