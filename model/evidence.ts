import * as tf from "@tensorflow/tfjs-core";
import type { Evidence, Logits } from "./network.ts";
import type { Weights } from "./weights.ts";

/** Categories that are explained. */
const CATEGORIES = 3;

/** Where the network looked. `category` and `presence` are the probabilities that it gave. */
export function evidenceOf(
  weights: Weights,
  { heatmaps, features }: Logits,
  category: Float32Array,
  presence: Float32Array,
): Evidence {
  return tf.tidy(() => {
    const indices = best(category, CATEGORIES);
    const shares = tf.softmax(tf.transpose(heatmaps)); // [8,cells], rows sum to 1
    const seen = tf.mul(shares, tf.tensor2d(presence, [presence.length, 1])); // [8,cells]
    const [, side, , channels] = features.shape;
    const kernel = weights.get("category").kernel as tf.Tensor2D; // [channels,C]
    const columns = tf.gather(kernel, indices, 1); // [channels,k]
    const cells = tf.reshape(features, [-1, channels]); // [cells,channels]
    const activations = tf.matMul(columns, cells, true, true); // [k,cells]
    return {
      heatmaps: {
        side: Math.sqrt(heatmaps.shape[0]),
        values: seen.dataSync<"float32">(),
      },
      categories: { side, values: activations.dataSync<"float32">(), indices },
    };
  });
}

/** Indices of the `count` largest, the largest first; the first of equals. */
function best(values: Float32Array, count: number): number[] {
  const order = [...values.keys()].sort((a, b) => (values[b] as number) - (values[a] as number));
  return order.slice(0, count);
}
