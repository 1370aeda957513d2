import { describe, expect, it } from "vitest";
import { quantise } from "../../build/quantise.ts";
import { roundTiesToEven } from "../../build/round.ts";
import { layersOf } from "../../model/architecture.ts";
import { labels } from "../../model/labels.ts";
import { weightShape } from "../../model/layer.ts";
import { randomLayers } from "../model/random-weights.ts";

/** [inputs,2] weights of a dense layer with two output channels. */
function layer(...rows: [number, number][]): Parameters<typeof quantise>[0] {
  const kernel = new Float32Array(rows.flat());
  return { name: "x", shape: [rows.length, 2], kernel, bias: new Float32Array([0.5, -0.5]) };
}

describe("weights in int8", () => {
  it("have one scale per output channel, the largest weight at +-127", () => {
    const { kernel, scales, bias } = quantise(layer([1, -0.1], [-0.5, 0.05], [0.25, 0]));
    expect([...scales]).toEqual([Math.fround(1 / 127), Math.fround(Math.fround(0.1) / 127)]);
    expect([...kernel]).toEqual([127, -127, -64, 64, 32, 0]);
    expect([...bias]).toEqual([0.5, -0.5]);
  });

  it("are symmetric: a layer and its negative differ in sign only", () => {
    const [positive, negative] = [layer([0.3, 7], [1, -3]), layer([-0.3, -7], [-1, 3])];
    expect([...quantise(negative).kernel]).toEqual([...quantise(positive).kernel].map((q) => -q));
  });

  it("never reach -128, and are off by half a step at most, in every layer of a network", () => {
    for (const float of randomLayers()) {
      const { kernel, scales, bias } = quantise(float);
      for (const [i, weight] of float.kernel.entries()) {
        const [steps, scale] = [kernel[i] as number, scales[i % bias.length] as number];
        if (steps === -128 || Math.abs(steps * scale - weight) > scale * 0.50001) {
          expect.fail(`${float.name}[${i}]: ${weight} became ${steps} x ${scale}`);
        }
      }
    }
  });

  it("survive a channel of zeros and one too small for float32", () => {
    const { kernel, scales } = quantise(layer([0, 1e-45], [0, 0]));
    expect([...kernel]).toEqual([0, 0, 0, 0]);
    expect(scales.every((scale) => scale > 0)).toBe(true);
  });

  it("keep the stored channel order: the output channel runs fastest in every kind of layer", () => {
    for (const spec of layersOf(labels)) {
      const shape = weightShape(spec).filter((n) => n > 1);
      expect(shape.at(-1)).toBe(spec.outputs);
    }
  });
});

it.each([
  [0.5, 0],
  [1.5, 2],
  [2.5, 2],
  [-0.5, 0],
  [-1.5, -2],
  [-2.5, -2],
  [2.4999, 2],
  [-2.5001, -3],
])("%f rounds to %i", (x, rounded) => {
  expect(roundTiesToEven(x)).toBeCloseTo(rounded, 10);
});
