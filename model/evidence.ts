import * as tf from "@tensorflow/tfjs-core";
import type { Computation } from "./floats.ts";
import type { Evidence, Features, SquareMaps } from "./network.ts";

/** Categories that are explained. */
const CATEGORIES = 3;

/** Where the network looked. `category` and `presence` are the probabilities that it gave. */
export function evidenceOf(
  net: Computation,
  { heatmaps, head, context, local }: Features,
  category: Float32Array,
  presence: Float32Array,
): Evidence {
  if (head === undefined) throw new RangeError("the head's map was not asked for");
  return tf.tidy(() => {
    const marks = tf.transpose(net.tensor<tf.Tensor2D>(heatmaps)); // [8,cells]
    const shares = tf.softmax(marks); // [8,cells], rows sum to 1
    const seen = tf.mul(shares, tf.tensor2d(presence, [presence.length, 1])); // [8,cells]
    const indices = best(category, CATEGORIES);
    const side = Math.sqrt(marks.shape[1]);
    const columns = tf.gather(net.weights.get("category").kernel as tf.Tensor2D, indices, 1); // [1728,k]
    const map = activations(columns, head, net.tensor<tf.Tensor4D>(context));
    addLocal(map, columns, net.tensor<tf.Tensor2D>(local), tf.sum(seen, 0).dataSync(), side);
    return {
      heatmaps: { side, values: seen.dataSync<"float32">() },
      categories: { ...map, indices },
    };
  });
}

/** What each cell of the finer map adds to `k` logits: its own features, and the coarser map's there. */
function activations(columns: tf.Tensor2D, head: tf.Tensor4D, context: tf.Tensor4D): SquareMaps {
  const k = columns.shape[1];
  const [, side = 1, , width = 1] = context.shape;
  const [, coarse = 1, , channels = 1] = head.shape;
  const part = (x: tf.Tensor4D, start: number, count: number): Float32Array => {
    const rows = tf.slice(columns, [start, 0], [count, k]);
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

/**
 * Adds what was read at the landmarks, the features behind the other two, in proportion to `where` it was
 * read: [fine * fine], the sum of the landmarks' heatmaps, twice as fine as the maps.
 */
function addLocal(
  { side, values }: SquareMaps,
  columns: tf.Tensor2D,
  local: tf.Tensor2D,
  where: ArrayLike<number>,
  fine: number,
): void {
  const [inputs, k] = columns.shape;
  const count = local.shape[1];
  const rows = tf.slice(columns, [inputs - count, 0], [count, k]);
  const added = tf.matMul(local, rows).dataSync(); // [k]
  const total = Array.from(where).reduce((a, b) => a + b);
  for (let map = 0; map < k; map++) {
    const share = ((added[map] as number) * side * side) / total;
    for (let i = 0; i < fine * fine; i++) {
      const cell = (Math.floor(i / fine) >> 1) * side + ((i % fine) >> 1);
      const at = map * side * side + cell;
      values[at] = (values[at] as number) + share * (where[i] as number);
    }
  }
}

/** Indices of the `count` largest, the largest first; the first of equals. */
function best(values: Float32Array, count: number): number[] {
  const order = [...values.keys()].sort((a, b) => (values[b] as number) - (values[a] as number));
  return order.slice(0, count);
}
