/**
 * The layers behind the trunk as tfjs's kernels compute them, called as its engine calls them. The engine
 * itself (operations, scopes, tensors, gradients) costs a fifth as much again, some fifty times a picture.
 */
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import type { LayerTensors, Weights } from "./weights.ts";

/** Numbers in the backend's memory; a tensor is one too. Shapes are NHWC or [rows,columns]. */
export type Floats = tf.TensorInfo;

type Activation = "relu6" | "linear";

const BACKEND = "wasm";

const CONVOLUTION = {
  ...{ strides: [1, 1], pad: "same", dataFormat: "NHWC", dilations: [1, 1] },
  ...{ dimRoundingMode: undefined, leakyreluAlpha: undefined },
};
const RELU6 = { ...CONVOLUTION, activation: "relu6" };
const LINEAR = { ...CONVOLUTION, activation: "linear" };
const PRODUCT = { transposeA: false, transposeB: false };
const DENSE = { ...PRODUCT, activation: "linear", leakyreluAlpha: undefined };
const DENSE_RELU6 = { ...DENSE, activation: "relu6" };

/** One picture's computation: what it makes lives until `dispose()`. */
export class Computation {
  readonly weights: Weights;
  readonly #backend = tf.backend() as BackendWasm;
  readonly #made = new Set<Floats["dataId"]>();

  constructor(weights: Weights) {
    this.weights = weights;
  }

  /** 1x1 convolution over all channels. */
  conv(name: string, x: Floats, activation: Activation = "relu6"): Floats {
    const { kernel: filter, bias } = this.weights.get(name);
    return this.#run("FusedConv2D", { x, filter, bias }, activation === "relu6" ? RELU6 : LINEAR);
  }

  /** ReLU6 behind it. */
  depthwise(name: string, x: Floats): Floats {
    const { kernel: filter, bias } = this.weights.get(name);
    return this.#run("FusedDepthwiseConv2D", { x, filter, bias }, RELU6);
  }

  /** `x` [1,inputs] -> [1,outputs]. */
  dense({ kernel, bias }: LayerTensors, x: Floats, activation: Activation = "linear"): Floats {
    // The kernel counts on batches, of which there is one.
    const [a, b] = [x, kernel].map((of) => shaped(of, [1, ...of.shape])) as [Floats, Floats];
    const how = activation === "relu6" ? DENSE_RELU6 : DENSE;
    return shaped(this.#run("_FusedMatMul", { a, b, bias }, how), [1, bias.size]);
  }

  matMul(a: Floats, b: Floats): Floats {
    return this.#run("BatchMatMul", { a, b }, PRODUCT);
  }

  add(a: Floats, b: Floats): Floats {
    return this.#run("Add", { a, b }, {});
  }

  /** By element; sides of 1 are repeated. */
  multiply(a: Floats, b: Floats): Floats {
    return this.#run("Multiply", { a, b }, {});
  }

  sigmoid(x: Floats): Floats {
    return this.#run("Sigmoid", { x }, {});
  }

  /** [rows,columns], each row to the sum 1. */
  softmax(logits: Floats): Floats {
    return this.#run("Softmax", { logits }, { dim: 1 });
  }

  /** [rows,columns] -> [columns,rows]. */
  transpose(x: Floats): Floats {
    return this.#run("Transpose", { x }, { perm: [1, 0] });
  }

  /** The largest of each row: [rows,columns] -> [rows]. */
  max(x: Floats): Floats {
    return this.#run("Max", { x }, { reductionIndices: 1, keepDims: false });
  }

  /** [1,h,w,channels] -> [1,channels]. */
  mean(x: Floats): Floats {
    const [, h, w, channels] = sides(x);
    const window = { filterSize: [h, w], strides: 1, pad: "valid", dimRoundingMode: undefined };
    return shaped(this.#run("AvgPool", { x }, window), [1, channels]);
  }

  /** Bilinear, pixels' centres on pixels' centres. */
  resize(images: Floats, height: number, width: number): Floats {
    const how = { alignCorners: false, halfPixelCenters: true, size: [height, width] };
    return this.#run("ResizeBilinear", { images }, how);
  }

  /** Rows side by side: the last axis grows. */
  join(a: Floats, b: Floats): Floats {
    const [left, right] = [a, b].map((of) => of.shape.at(-1) as number) as [number, number];
    const out = this.#backend.makeOutput([...a.shape.slice(0, -1), left + right], "float32");
    this.#made.add(out.dataId);
    const { buffer, length, byteOffset } = this.#backend.typedArrayFromHeap(out);
    const placeOf = (x: Floats) => this.#backend.typedArrayFromHeap(x).byteOffset / 4;
    // Within the heap: tfjs's own kernel makes a view of every row, which costs twice as much.
    const heap = new Float32Array(buffer);
    let [first, second, to] = [placeOf(a), placeOf(b), byteOffset / 4];
    for (const end = to + length; to < end; to += left + right) {
      heap.copyWithin(to, first, first + left);
      heap.copyWithin(to + left, second, second + right);
      first += left;
      second += right;
    }
    return out;
  }

  read(x: Floats): Float32Array {
    return this.#backend.readSync(x.dataId) as Float32Array;
  }

  /** Hands numbers over to tfjs, whose they are from then on. */
  tensor<T extends tf.Tensor>(x: Floats): T {
    this.#made.delete(x.dataId);
    return tf.engine().makeTensorFromTensorInfo(x, this.#backend) as T;
  }

  dispose(): void {
    for (const dataId of this.#made) this.#backend.disposeData(dataId);
    this.#made.clear();
  }

  #run(name: string, inputs: object, attrs: object): Floats {
    const kernel = tf.getKernel(name, BACKEND).kernelFunc;
    const out = kernel({
      inputs: inputs as tf.NamedTensorInfoMap,
      attrs: attrs as tf.NamedAttrMap,
      backend: this.#backend,
    }) as Floats;
    this.#made.add(out.dataId);
    return out;
  }
}

/** The same numbers in another shape. */
export const shaped = ({ dataId, dtype }: Floats, shape: number[]): Floats => ({
  ...{ dataId, dtype, shape },
});

/** [n,h,w,c] */
export const sides = ({ shape }: Floats) => shape as [number, number, number, number];
