import * as tf from "@tensorflow/tfjs-core";
import type { Computation } from "./floats.ts";
import type { Evidence, Features, SquareMaps } from "./network.ts";
import type { Weights } from "./weights.ts";

/** Categories that are explained. */
const CATEGORIES = 3;

/** Where the network looked. `category` and `presence` are the probabilities that it gave. */
export function evidenceOf(
  net: Computation,
  { heatmaps, head, context }: Features,
  category: Float32Array,
  presence: Float32Array,
): Evidence {
  if (head === undefined) throw new RangeError("the head's map was not asked for");
  return tf.tidy(() => {
    const marks = tf.transpose(net.tensor<tf.Tensor2D>(heatmaps)); // [8,cells]
    const shares = tf.softmax(marks); // [8,cells], rows sum to 1
    const seen = tf.mul(shares, tf.tensor2d(presence, [presence.length, 1])); // [8,cells]
    const indices = best(category, CATEGORIES);
    const fine = net.tensor<tf.Tensor4D>(context);
    return {
      heatmaps: { side: Math.sqrt(marks.shape[1]), values: seen.dataSync<"float32">() },
      categories: { ...activations(net.weights, head, fine, indices), indices },
    };
  });
}

/** What each cell of the finer map adds to a logit: its own features, and the coarser map's there. */
function activations(
  weights: Weights,
  head: tf.Tensor4D,
  context: tf.Tensor4D,
  indices: number[],
): SquareMaps {
  const kernel = weights.get("category").kernel as tf.Tensor2D; // [1536,C]
  const columns = tf.gather(kernel, indices, 1); // [1536,k]
  const [, side = 1, , width = 1] = context.shape;
  const [, coarse = 1, , channels = 1] = head.shape;
  const part = (x: tf.Tensor4D, start: number, count: number): Float32Array => {
    const rows = tf.slice(columns, [start, 0], [count, indices.length]);
    const cells = tf.reshape(x, [-1, count]); // [cells,count]
    return tf.matMul(rows, cells, true, true).dataSync<"float32">();
  };
  const fine = part(context, channels, width); // [k,side,side]
  const whole = part(head, 0, channels); // [k,coarse,coarse]
  const values = fine.map((value, i) => {
    const [map, y, x] = [Math.floor(i / side ** 2), Math.floor(i / side) % side, i % side];
    const cell = (n: number): number => Math.floor((n * coarse) / side);
    return value + (whole[(map * coarse + cell(y)) * coarse + cell(x)] as number);
  });
  return { side, values };
}

/** Indices of the `count` largest, the largest first; the first of equals. */
function best(values: Float32Array, count: number): number[] {
  const order = [...values.keys()].sort((a, b) => (values[b] as number) - (values[a] as number));
  return order.slice(0, count);
}
