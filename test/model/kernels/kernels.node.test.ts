import { spawnSync } from "node:child_process";
import { beforeAll, describe, expect, it } from "vitest";
import { committed } from "../../../build/kernels.ts";
import { DEQUANTISE, GAVGPOOL } from "../../../model/kernels/assembly/plan.ts";
import { convolve } from "../../../model/kernels/scalar/convolution.ts";
import { averagePool, dequantise } from "../../../model/kernels/scalar/floats.ts";
import { describeWith, PYTHON } from "../../needs.ts";
import { cases } from "./cases.ts";
import { type Case, type Drawn, draw, runFloats, runKernels } from "./run.ts";

const ROOT = new URL("../../..", import.meta.url).pathname;
let module: WebAssembly.Module;
beforeAll(() => {
  module = new WebAssembly.Module(new Uint8Array(committed("kernels.wasm")));
});

const named = (c: Case): string =>
  Object.entries(c)
    .map(([key, value]) => `${key} ${value}`)
    .join(", ");

describe("SIMD kernels give the scalar twins' bytes:", () => {
  it.each(cases.map((c) => [named(c), c] as const))("%s", (_, c) => {
    const drawn = draw(c);
    const { output } = runKernels(module, drawn);
    expect(different(output, convolve(drawn.input, drawn.convolution).data)).toBe(0);
  });
});

describe.each(Array.from({ length: 17 }, (_, i) => i + 1))("%i channels to float32", (channels) => {
  const { input } = draw({
    ...{ kind: "conv", kernel: 1, stride: 1, outputs: 1, seed: channels },
    ...{ inputs: channels, height: 1 + (channels % 5), width: 18 - channels },
  });

  it("pooled as the scalar twin pools", () => {
    const quantisation = { scale: Math.fround(6 / 255), zeroPoint: 0 };
    const found = runFloats(module, GAVGPOOL, input, quantisation);
    expect(found).toEqual(averagePool(input, quantisation));
  });

  it("dequantised as the scalar twin does", () => {
    const quantisation = { scale: Math.fround(1 / 37), zeroPoint: 13 * channels };
    const found = runFloats(module, DEQUANTISE, input, quantisation);
    expect(found).toEqual(Float32Array.from(input.data, (q) => dequantise(q, quantisation)));
  });
});

describe("padding", () => {
  const sides = [0, 1, 2].flatMap((top) =>
    [0, 1, 2].map((left) => ({ top, left, bottom: 2 - top, right: 1 + (left % 2) })),
  );
  it.each(sides)("of the input on any side: %o", (padding) => {
    for (const [kind, kernel, stride] of [
      ["depthwise", 3, 1],
      ["depthwise", 5, 2],
      ["conv", 3, 2],
    ] as const) {
      const size = { height: 7, width: 8, inputs: kind === "conv" ? 3 : 9, outputs: 9 };
      const { input, convolution } = draw({ kind, kernel, stride, ...size });
      const drawn: Drawn = { input, convolution: { ...convolution, padding } };
      const { output } = runKernels(module, drawn);
      expect(different(output, convolve(input, drawn.convolution).data)).toBe(0);
    }
  });

  it.each(sides)("of the output holds its zero point: %o", (padding) => {
    const drawn = draw({
      ...{ kind: "conv", kernel: 1, stride: 1, inputs: 8, outputs: 16, height: 5, width: 13 },
    });
    const made = runKernels(module, drawn, padding);
    expect(different(made.output, convolve(drawn.input, drawn.convolution).data)).toBe(0);
    expect(made.padding).toBe(true);
  });
});

it("memory stays as it was made", () => {
  const { kernels } = runKernels(module, draw(cases[0] as Case));
  const bytes = kernels.memory.buffer.byteLength;
  for (let i = 0; i < 100; i++) kernels.run();
  expect(kernels.memory.buffer.byteLength).toBe(bytes);
  expect(() => kernels.memory.grow(1)).toThrow(RangeError);
});

describeWith(["python"], "the scalar twins and training/int8/scheme.py", () => {
  it("give the same bytes", () => {
    const drawn = cases.map(draw);
    const { stdout, stderr, status } = spawnSync(PYTHON, [`${ROOT}test/model/kernels/scheme.py`], {
      input: JSON.stringify(drawn.map((d, i) => forPython(cases[i] as Case, d))),
      env: { ...process.env, PYTHONPATH: ROOT, OMP_NUM_THREADS: "1" },
      maxBuffer: 1 << 28,
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    expect(status).toBe(0);
    const answers: string[] = JSON.parse(stdout);
    const wrong = drawn.flatMap(({ input, convolution }, i) => {
      const bytes = Buffer.from(answers[i] as string, "base64");
      const count = different(bytes, convolve(input, convolution).data);
      return count === 0 ? [] : [`${named(cases[i] as Case)}: ${count} bytes`];
    });
    expect(wrong).toEqual([]);
  });
});

function forPython(c: Case, { input, convolution }: Drawn): object {
  const { kernel, bias, multipliers, source, target, residual } = convolution;
  const base64 = ({ buffer, byteOffset, byteLength }: ArrayBufferView): string =>
    Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString("base64");
  return {
    ...c,
    input: base64(input.data),
    weights: base64(kernel),
    bias: base64(bias),
    multipliers: base64(multipliers),
    source,
    target,
    residual: residual && {
      ...residual.quantisation,
      map: base64(residual.map.data),
      shape: [residual.map.height, residual.map.width, residual.map.channels],
    },
  };
}

/** How many bytes differ, or Infinity for another length. */
function different(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return a.reduce((count, value, i) => count + (value === b[i] ? 0 : 1), 0);
}
