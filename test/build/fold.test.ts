import { expect, it } from "vitest";
import { fold } from "../../build/fold.ts";
import type { Layer } from "../../model/layer.ts";
import { seededRandom } from "../model/random-weights.ts";

type Get = (name: string) => Float32Array;
/** What a layer sees at one place: a value per input channel and kernel tap. */
type Window = (input: number, tap: number) => number;

const random = seededRandom(5);
const values = (n: number): Float32Array => Float32Array.from({ length: n }, random);

/** Input channels that one output channel looks at. */
const perFilter = ({ kind, inputs }: Layer): number => (kind === "depthwise" ? 1 : inputs);

function parameters(layer: Layer): Get {
  const { kernel, outputs } = layer;
  const made = new Map([
    ["l.weight", values(kernel * kernel * outputs * perFilter(layer))],
    ["l.bias", values(outputs)],
    ["n.weight", values(outputs)],
    ["n.bias", values(outputs)],
    ["n.running_mean", values(outputs)],
    ["n.running_var", values(outputs).map((v) => v * v)],
  ]);
  return (name) => made.get(name) ?? expect.fail(`asked for ${name}`);
}

/** PyTorch's layer at one place, then its batch norm, written out in float64. */
function reference(layer: Layer, get: Get, x: Window, out: number): number {
  const area = layer.kernel ** 2;
  let sum = 0;
  for (let i = 0; i < perFilter(layer); i++) {
    for (let tap = 0; tap < area; tap++) {
      const weight = get("l.weight")[(out * perFilter(layer) + i) * area + tap] as number;
      sum += weight * x(layer.kind === "depthwise" ? out : i, tap);
    }
  }
  const p = (name: string): number => get(name)[out] as number;
  if (layer.norm === null) return sum + p("l.bias");
  const scaled = (sum - p("n.running_mean")) / Math.sqrt(p("n.running_var") + 1e-3);
  return scaled * p("n.weight") + p("n.bias");
}

it.each<Layer>([
  { name: "l", kind: "conv", kernel: 3, inputs: 4, outputs: 5, norm: "n" },
  { name: "l", kind: "conv", kernel: 1, inputs: 6, outputs: 2, norm: null },
  { name: "l", kind: "depthwise", kernel: 5, inputs: 7, outputs: 7, norm: "n" },
  { name: "l", kind: "dense", kernel: 1, inputs: 9, outputs: 3, norm: null },
])("$kind, kernel $kernel, batch norm $norm: the folded layer answers as before", (layer) => {
  const get = parameters(layer);
  const { kernel, bias, shape } = fold(layer, get);
  expect(kernel).toHaveLength(shape.reduce((a, b) => a * b));
  const area = layer.kernel ** 2;
  const pixels = Array.from({ length: layer.inputs * area }, seededRandom(6));
  const x: Window = (input, tap) => pixels[input * area + tap] as number;
  for (let out = 0; out < layer.outputs; out++) {
    let sum = bias[out] as number;
    for (let tap = 0; tap < area; tap++) {
      for (let i = 0; i < perFilter(layer); i++) {
        const weight = kernel[(tap * perFilter(layer) + i) * layer.outputs + out] as number;
        sum += weight * x(layer.kind === "depthwise" ? out : i, tap);
      }
    }
    expect(sum).toBeCloseTo(reference(layer, get, x, out), 4);
  }
});
