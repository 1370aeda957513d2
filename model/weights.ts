import * as tf from "@tensorflow/tfjs-core";

/** One layer's parameters in plain memory: the output channel runs fastest, batch norm folded in. */
export interface FloatLayer {
  name: string;
  shape: readonly number[];
  kernel: Float32Array;
  bias: Float32Array;
}

/** One layer's parameters as tensors of the running backend. */
export interface LayerTensors {
  kernel: tf.Tensor;
  bias: tf.Tensor1D;
}

/** A network's parameters by layer name, owned until `dispose()`. */
export class Weights {
  readonly #layers = new Map<string, LayerTensors>();
  readonly #constants = new Map<string, tf.Tensor>();

  /** Copies each layer into the backend's memory as it comes, so that a generator stays small. */
  constructor(layers: Iterable<FloatLayer>) {
    try {
      for (const layer of layers) this.#add(layer);
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  #add({ name, shape, kernel, bias }: FloatLayer): void {
    this.#layers.set(name, {
      kernel: tf.tensor(kernel, [...shape], "float32"),
      bias: tf.tensor1d(bias, "float32"),
    });
  }

  /** Throws `RangeError` for a layer that is not there. */
  get(name: string): LayerTensors {
    const layer = this.#layers.get(name);
    if (layer === undefined) throw new RangeError(`the weights hold no layer "${name}"`);
    return layer;
  }

  /** What the forward pass derives once: made by the first call, kept like the weights. */
  constant(name: string, make: () => tf.Tensor): tf.Tensor {
    const known = this.#constants.get(name);
    if (known !== undefined) return known;
    const made = tf.keep(tf.tidy(make));
    this.#constants.set(name, made);
    return made;
  }

  dispose(): void {
    for (const { kernel, bias } of this.#layers.values()) tf.dispose([kernel, bias]);
    tf.dispose([...this.#constants.values()]);
    this.#layers.clear();
    this.#constants.clear();
  }
}
