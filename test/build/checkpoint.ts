import { fold } from "../../build/fold.ts";
import { tensorsDigest } from "../../build/import.ts";
import type { Tensor } from "../../build/safetensors.ts";
import { type Layer, layersOf } from "../../model/architecture.ts";
import { GROUPS, labels, perGroup } from "../../model/labels.ts";
import { preprocess } from "../../model/preprocess.ts";
import { type Answers, run } from "../../model/tagger.ts";
import { Weights } from "../../model/weights.ts";
import { startNode } from "../../worker/hosts/node/start-backend.ts";
import { seededRandom } from "../model/random-weights.ts";
import { safetensorsFile } from "./write-safetensors.ts";

/** What `training/export.py` writes under the metadata key `hemline`, less the digest. */
export const metadata = {
  format: 1,
  version: "hemline-0.0.1",
  heads: { category: labels.category, ...labels.attributes },
  landmarks: labels.landmarks,
  size: preprocess.size,
  thresholds: { ...perGroup((group) => labels.attributes[group].map(() => 0.5)), presence: 0.5 },
};

/** An untrained student with lively batch norms, weights in half precision as exported. */
export function untrainedTensors(): Map<string, Tensor> {
  const random = seededRandom(7);
  return new Map(layersOf(labels).flatMap((layer) => layerTensors(layer, random)));
}

function layerTensors(layer: Layer, random: () => number): [string, Tensor][] {
  const { name, kind, kernel, inputs, outputs, norm } = layer;
  const perFilter = kind === "depthwise" ? 1 : inputs;
  const shape = kind === "dense" ? [outputs, inputs] : [outputs, perFilter, kernel, kernel];
  const bound = Math.sqrt(3 / (perFilter * kernel * kernel));
  const size = shape.reduce((a, b) => a * b);
  const data = Float16Array.from({ length: size }, () => random() * bound);
  const vector = (middle: number): Tensor => ({
    dtype: "F32",
    shape: [outputs],
    data: Float32Array.from({ length: outputs }, () => middle + random() / 3),
  });
  const weight: [string, Tensor] = [`${name}.weight`, { dtype: "F16", shape, data }];
  if (norm === null) return [weight, [`${name}.bias`, vector(0)]];
  return [
    weight,
    [`${norm}.weight`, vector(1)],
    [`${norm}.bias`, vector(0.3)],
    [`${norm}.running_mean`, vector(0)],
    [`${norm}.running_var`, vector(1)],
  ];
}

/** A checkpoint file; `changes` replace entries of the metadata. */
export function checkpointFile(tensors: Map<string, Tensor>, changes: object = {}): Uint8Array {
  const entries = { ...metadata, tensors_sha256: tensorsDigest(tensors), ...changes };
  return safetensorsFile(tensors, { hemline: JSON.stringify(entries) });
}

/** Noise pictures and what the float network makes of them, as the golden file holds them. */
export function goldenTensors(tensors: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  const random = seededRandom(8);
  const length = PICTURES * preprocess.size ** 2 * 3;
  const data = Uint8Array.from({ length }, () => 127.5 + 127.5 * random());
  const shape = [PICTURES, preprocess.size, preprocess.size, 3];
  const answers = floatAnswers(tensors, data);
  const rows = (pick: (answer: Answers) => Float32Array): Tensor => {
    const values = answers.flatMap((answer) => [...pick(answer)]);
    return {
      dtype: "F32",
      shape: [PICTURES, values.length / PICTURES],
      data: Float32Array.from(values),
    };
  };
  return new Map<string, Tensor>([
    ["inputs", { dtype: "U8", shape, data }],
    ["category", rows((a) => a.category)],
    ...GROUPS.map((g): [string, Tensor] => [g, rows((a) => a.attributes[g])]),
    ["landmarks", rows((a) => a.landmarks)],
    ["presence", rows((a) => a.presence)],
  ]);
}

const PICTURES = 2;

function floatAnswers(tensors: ReadonlyMap<string, Tensor>, pictures: Uint8Array): Answers[] {
  startNode();
  const parameters = (name: string): Float32Array =>
    Float32Array.from(tensors.get(name)?.data as Float32Array);
  const weights = new Weights(layersOf(labels).map((layer) => fold(layer, parameters)));
  const size = pictures.length / PICTURES;
  const answers = Array.from({ length: PICTURES }, (_, i) => {
    const picture = pictures.subarray(i * size, (i + 1) * size);
    return run(weights, picture);
  });
  weights.dispose();
  return answers;
}

/** The evaluation file that goes with a golden one: its pictures as if they were photographs. */
export function evaluationTensors(golden: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  const { inputs, ...outputs } = Object.fromEntries(golden);
  const known: Tensor = { dtype: "U8", shape: [PICTURES], data: new Uint8Array(PICTURES).fill(1) };
  const targets = GROUPS.map((group): [string, Tensor] => {
    const { shape, data } = outputs[group] as Tensor;
    const said = Uint8Array.from(data as Float32Array, (logit) => (logit >= 0 ? 1 : 0));
    return [`target.${group}`, { dtype: "U8", shape, data: said }];
  });
  return new Map([
    ["pictures", inputs as Tensor],
    ["target.attributes_known", known],
    ...targets,
    ...Object.entries(outputs).map(([name, t]): [string, Tensor] => [`output.${name}`, t]),
  ]);
}
