/** The trunk as a tfjs kernel: one call a picture, tensors out. */
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import type { Engine } from "../engine.ts";
import type { TrunkMaps } from "../network.ts";
import { trunk } from "../trunk.ts";
import type { Weights } from "../weights.ts";
import type { Kernels } from "./bind.ts";
import { POOLED, S8, S16, SQUARE } from "./program.ts";

const NAME = "HemlineTrunk";
const BACKEND = "wasm";

interface Attributes {
  kernels: Kernels;
  /** size * size RGB pixels. */
  square: Uint8Array;
}

/** Bytes in, the three maps that leave the trunk out, copied into the backend's memory. */
const run: tf.KernelFunc = ({ backend, attrs }) => {
  const { kernels, square } = attrs as unknown as Attributes;
  kernels.bytes(SQUARE).set(square);
  kernels.run();
  const wasm = backend as BackendWasm;
  return [S8, S16, POOLED].map((name) => {
    const values = kernels.floats(name);
    const { height, width, channels } = kernels.shape(name);
    const shape = name === POOLED ? [1, channels] : [1, height, width, channels];
    const out = wasm.makeOutput(shape, "float32");
    wasm.typedArrayFromHeap(out).set(values);
    return out;
  });
};

/** The trunk in int8 by our kernels; `weights` hold the layers behind it and become the engine's. */
export function int8Engine(kernels: Kernels, weights: Weights): Engine {
  if (tf.getKernel(NAME, BACKEND) === undefined) {
    tf.registerKernel({ kernelName: NAME, backendName: BACKEND, kernelFunc: run });
  }
  return {
    name: "int8",
    threads: kernels.threads,
    weights,
    trunk: (square, explain) => infer(kernels, square, explain),
    dispose: () => weights.dispose(),
  };
}

function infer(kernels: Kernels, square: Uint8Array, explain: boolean): TrunkMaps {
  const attrs = { kernels, square } as unknown as tf.NamedAttrMap;
  const [s8, s16, pooled] = tf.engine().runKernel<tf.Tensor[]>(NAME, {}, attrs);
  return {
    s8: s8 as tf.Tensor4D,
    s16: s16 as tf.Tensor4D,
    pooled: pooled as tf.Tensor2D,
    head: explain ? headOf(kernels) : undefined,
  };
}

/** The head's map, still in its place after a run. */
function headOf(kernels: Kernels): tf.Tensor4D {
  const { name } = trunk.taps.head;
  const { height, width, channels } = kernels.shape(name);
  const { scale } = kernels.quantisation(name);
  const values = Float32Array.from(kernels.pixels(name), (q) => q * scale);
  return tf.tensor4d(values, [1, height, width, channels]);
}
