/**
 * The plain pipeline, to compare with: what one gets by putting the usual parts together. jSquash decodes
 * the whole JPEG, tfjs resizes it and runs EfficientNet-Lite0 at 224 x 224 in float32 (random weights: only
 * the time counts).
 */
import decoder from "@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm";
import decode, { init } from "@jsquash/jpeg/decode.js";
import simd from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm";
import * as tf from "@tensorflow/tfjs-core";
import { INPUT, trunkOf } from "../../../model/trunk.ts";
import { startBackend } from "../../../worker/hosts/tfjs.ts";

const SIDE = 224;
const CLASSES = 50;
const nothingBehind = { glem: 0, embed: 0, context: 0, local: 0, lateral: 0, decoder: 0 };
const { steps } = trunkOf({
  trunk: "efficientnet_lite0",
  repeats: [1, 2, 2, 3, 3, 4, 1],
  width: 1,
  head: 1280,
  ...nothingBehind,
});

startBackend(simd);
const random = (...dimensions: [number, number, ...number[]]) =>
  tf.randomNormal(dimensions, 0, 0.05, "float32", 1);
const filters = new Map(
  steps.map(({ name, layer: { kind, kernel, inputs, outputs } }) => [
    name,
    kind === "depthwise"
      ? random(kernel, kernel, inputs, 1)
      : random(kernel, kernel, inputs, outputs),
  ]),
);
const biases = new Map(steps.map(({ name, layer }) => [name, tf.zeros([layer.outputs])]));
const classes = random(1280, CLASSES) as tf.Tensor2D;

function infer(data: Uint8ClampedArray, width: number, height: number): number[] {
  return tf.tidy(() => {
    const pixels = { data: new Uint8Array(data.buffer), width, height };
    const square = tf.image.resizeBilinear(tf.browser.fromPixels(pixels, 3), [SIDE, SIDE]);
    const input = tf.expandDims(tf.div(tf.sub(square, 127), 128), 0);
    const maps = new Map<string, tf.Tensor4D>([[INPUT, input as tf.Tensor4D]]);
    for (const { name, layer, stride, relu6, source, residual } of steps) {
      const common = {
        x: maps.get(source) as tf.Tensor4D,
        filter: filters.get(name) as tf.Tensor4D,
        bias: biases.get(name) as tf.Tensor1D,
        strides: stride,
        pad: "same" as const,
        activation: relu6 ? ("relu6" as const) : ("linear" as const),
      };
      const y =
        layer.kind === "depthwise" ? tf.fused.depthwiseConv2d(common) : tf.fused.conv2d(common);
      maps.set(name, residual === null ? y : tf.add(y, maps.get(residual) as tf.Tensor4D));
    }
    const pooled = tf.mean<tf.Tensor2D>(maps.get("head") as tf.Tensor4D, [1, 2]);
    return [...tf.softmax(tf.matMul(pooled, classes)).dataSync()];
  });
}

/** The package's declaration leaves out the module that it takes. */
const start = init as unknown as (module: WebAssembly.Module) => void;
let started = false;

export default {
  async fetch(request: Request): Promise<Response> {
    if (request.method !== "POST") return Response.json({ status: "ok" });
    if (!started) start(decoder);
    started = true;
    const { data, width, height } = await decode(await request.arrayBuffer());
    const scores = infer(data, width, height);
    return Response.json({ category: scores.map((score, i) => [i, score]).slice(0, 5) });
  },
};
