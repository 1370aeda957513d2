/** The shipped trunk in onnxruntime-web, one thread: the same weights, float32 and QDQ int8. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { packedBytes, unpack } from "../../../model/kernels/pack.ts";
import { preprocess } from "../../../model/preprocess.ts";
import { type Step, trunk } from "../../../model/trunk.ts";
import type { Shipped } from "../artefact.ts";
import { installOnnx } from "./install.ts";

const EXPORT = fileURLToPath(new URL("export.py", import.meta.url));

/** What is used of onnxruntime-web. */
interface Runtime {
  env: { wasm: { numThreads: number } };
  Tensor: new (type: string, data: Uint8Array | Float32Array, dims: number[]) => unknown;
  InferenceSession: { create(path: string, options: object): Promise<Session> };
}
interface Session {
  run(inputs: Record<string, unknown>): Promise<Record<"pooled", { data: Float32Array }>>;
}

export interface OnnxTrunk {
  /** The pooled features, of the square given when it was made. */
  run(): Promise<Float32Array>;
}

/** `square`: size * size RGB pixels. */
export async function onnxTrunks(
  artefact: Shipped,
  square: Uint8Array,
): Promise<Record<"float32" | "int8", OnnxTrunk>> {
  const { folder, python, runtime } = installOnnx();
  writeFileSync(`${folder}/trunk.json`, JSON.stringify(dump(artefact)));
  execFileSync(python, [EXPORT, folder], { stdio: "inherit" });
  const ort: Runtime = await import(runtime);
  ort.env.wasm.numThreads = 1;
  const { size, mean, scale } = preprocess;
  const plane = size * size;
  const planes = Uint8Array.from(square, (_, i) =>
    Number(square[(i % plane) * 3 + Math.floor(i / plane)]),
  );
  const load = async (name: string, type: string, data: Uint8Array | Float32Array) => {
    const session = await ort.InferenceSession.create(`${folder}/${name}.onnx`, {
      executionProviders: ["wasm"],
      graphOptimizationLevel: "all",
    });
    const input = new ort.Tensor(type, data, [1, 3, size, size]);
    return { run: async () => (await session.run({ input })).pooled.data };
  };
  const normalised = Float32Array.from(planes, (value) => (value - mean) / scale);
  return {
    float32: await load("float32", "float32", normalised),
    int8: await load("int8", "uint8", planes),
  };
}

/** The artefact's trunk for `export.py`. */
function dump({ manifest, weights }: Shipped): object {
  const base64 = (at: number, bytes: number): string =>
    Buffer.from(weights, at, bytes).toString("base64");
  const { layers, image, activations } = manifest.trunk;
  const { s8, s16, head } = trunk.taps;
  const steps = layers.map((layout, i) => {
    const { name, layer, stride, relu6, source, residual } = trunk.steps[i] as Step;
    const at = image.offset + layout.packed.weights;
    const plain = unpack(layer, new Int8Array(weights, at, packedBytes(layer)));
    const { kind, kernel, inputs, outputs } = layer;
    return {
      ...{ name, stride, relu6, source, residual, kernel, inputs, outputs },
      depthwise: kind === "depthwise",
      weights: Buffer.from(plain.buffer).toString("base64"),
      scales: base64(layout.scales, 4 * outputs),
      bias: base64(layout.bias, 4 * outputs),
    };
  });
  const taps = { s8: s8.name, s16: s16.name, head: head.name };
  return { size: preprocess.size, taps, activations, steps };
}
