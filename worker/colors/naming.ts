import model from "../../model/colors.json" with { type: "json" };
import { softmax } from "../../model/softmax.ts";
import { FEATURES } from "./features.ts";

/**
 * A small network that names clusters, fitted by `training/fit_colors.py` on people's own words:
 * features + category -> hidden (ReLU) -> a name's log-odds each, and how much the cluster counts.
 */

/** In the order of the network's outputs. */
export const NAMES: readonly string[] = model.names;

const HIDDEN = model.bias.length;
const OUTPUTS = NAMES.length + 1;
const INPUT = Float32Array.from(model.input.flat()); // [FEATURES,HIDDEN]
const BIAS = Float32Array.from(model.bias);
const OUTPUT = Float32Array.from(model.output.flat()); // [HIDDEN,OUTPUTS]
const OUTPUT_BIAS = Float32Array.from(model.outputBias);
/** Added to the hidden layer; a category that the fit never saw adds nothing. */
const CATEGORY = new Map(
  Object.entries(model.category).map(([id, values]) => [id, Float32Array.from(values)]),
);

if (INPUT.length !== FEATURES * HIDDEN || OUTPUT.length !== HIDDEN * OUTPUTS) {
  throw new Error("model/colors.json was fitted to other features: run training.fit_colors again");
}

export interface Named {
  /** [names] how likely each name is for this cluster; sums to 1. */
  readonly names: Float32Array;
  /** Log of how much one of its cells counts towards the garment's main colour. */
  readonly weight: number;
}

/** Names one cluster from its row of features. */
export function nameCluster(features: Float32Array, category: string): Named {
  const hidden = new Float32Array(HIDDEN);
  const offset = CATEGORY.get(category);
  for (let j = 0; j < HIDDEN; j++) {
    hidden[j] = (BIAS[j] as number) + (offset ? (offset[j] as number) : 0);
  }
  for (let i = 0, at = 0; i < FEATURES; i++) {
    const x = features[i] as number;
    for (let j = 0; j < HIDDEN; j++, at++) {
      hidden[j] = (hidden[j] as number) + x * (INPUT[at] as number);
    }
  }
  const out = OUTPUT_BIAS.slice();
  for (let j = 0, at = 0; j < HIDDEN; j++, at += OUTPUTS) {
    const h = hidden[j] as number;
    if (h <= 0) continue;
    for (let k = 0; k < OUTPUTS; k++) out[k] = (out[k] as number) + h * (OUTPUT[at + k] as number);
  }
  return { names: softmax(out.subarray(0, NAMES.length)), weight: out[NAMES.length] as number };
}

/**
 * How likely each name is the garment's main colour: [names], sums to 1. Clusters vote by size
 * and by what the fit learnt about their place (a print counts less than the cloth around it).
 */
export function mainColour(named: readonly Named[], counts: readonly number[]): Float32Array {
  const share = softmax(
    Float32Array.from(named, ({ weight }, i) => weight + Math.log(counts[i] as number)),
  );
  const main = new Float32Array(NAMES.length);
  named.forEach(({ names }, i) => {
    for (let k = 0; k < main.length; k++) {
      main[k] = (main[k] as number) + (share[i] as number) * (names[k] as number);
    }
  });
  return main;
}
