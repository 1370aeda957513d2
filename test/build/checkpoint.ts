import { fold } from "../../build/fold.ts";
import { tensorsDigest } from "../../build/import.ts";
import { integerTrunk } from "../../build/integer-trunk.ts";
import { kernelsModule } from "../../build/kernels.ts";
import type { Tensor } from "../../build/safetensors.ts";
import { layersOf, trunkLayers } from "../../model/architecture.ts";
import { float32Engine } from "../../model/engine.ts";
import { planArena } from "../../model/kernels/arena.ts";
import { Kernels } from "../../model/kernels/bind.ts";
import { POOLED, SQUARE, trunkProgram } from "../../model/kernels/program.ts";
import { GROUPS, labels, perGroup } from "../../model/labels.ts";
import type { Layer } from "../../model/layer.ts";
import { preprocess } from "../../model/preprocess.ts";
import { type Answers, run, UNTEMPERED } from "../../model/tagger.ts";
import { trunk } from "../../model/trunk.ts";
import { Weights } from "../../model/weights.ts";
import { startNode } from "../../worker/hosts/node/start-backend.ts";
import { seededRandom } from "../model/random-weights.ts";
import { safetensorsFile } from "./write-safetensors.ts";

/** What `training/checkpoint.py` writes under the metadata key `hemline`, less the digest. */
export const metadata = {
  format: 2,
  version: "hemline-0.0.1",
  heads: { category: labels.category, ...labels.attributes },
  landmarks: labels.landmarks,
  size: preprocess.size,
  thresholds: { ...perGroup((group) => labels.attributes[group].map(() => 0.5)), presence: 0.5 },
  temperatures: UNTEMPERED,
};

/** An untrained student with lively batch norms, weights in half precision as exported. */
export function untrainedTensors(): Map<string, Tensor> {
  const random = seededRandom(7);
  const ranges = trunk.steps.map(({ name, relu6 }): [string, Tensor] => {
    const data = Float32Array.of(relu6 ? 0 : -5, relu6 ? 6 : 5);
    return [`quant.${name}`, { dtype: "F32", shape: [2], data }];
  });
  return new Map([...layersOf(labels).flatMap((layer) => layerTensors(layer, random)), ...ranges]);
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
  const answers = name === "category" || name.startsWith("attributes.");
  if (norm === null) return [weight, [`${name}.bias`, answers ? apart(outputs) : vector(0)]];
  return [
    weight,
    [`${norm}.weight`, vector(1)],
    [`${norm}.bias`, vector(0.3)],
    [`${norm}.running_mean`, vector(0)],
    [`${norm}.running_var`, vector(1)],
  ];
}

/** Answers far from one another and from a threshold: eight bits in place of 32 do not change them. */
function apart(outputs: number): Tensor {
  const data = Float32Array.from({ length: outputs }, (_, i) => (i % 2 ? 1 : -1) * (2 + i / 2));
  return { dtype: "F32", shape: [outputs], data };
}

/** A checkpoint file; `changes` replace entries of the metadata. */
export function checkpointFile(tensors: Map<string, Tensor>, changes: object = {}): Uint8Array {
  const entries = { ...metadata, tensors_sha256: tensorsDigest(tensors), ...changes };
  return safetensorsFile(tensors, { hemline: JSON.stringify(entries) });
}

/** Noise pictures and what the network makes of them, as the golden file holds them. */
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
    ...integerAnswers(tensors, data),
  ]);
}

const PICTURES = 2;

function floatAnswers(tensors: ReadonlyMap<string, Tensor>, pictures: Uint8Array): Answers[] {
  startNode();
  const folded = layersOf(labels).map((layer) => fold(layer, parametersOf(tensors)));
  const engine = float32Engine(new Weights(folded));
  const size = pictures.length / PICTURES;
  const answers = Array.from({ length: PICTURES }, (_, i) => {
    const picture = pictures.subarray(i * size, (i + 1) * size);
    return run(engine, picture);
  });
  engine.dispose();
  return answers;
}

const parametersOf =
  (tensors: ReadonlyMap<string, Tensor>) =>
  (name: string): Float32Array =>
    Float32Array.from(tensors.get(name)?.data as Float32Array);

/** The integer maps by our own kernels: the shipped checkpoint has PyTorch's. */
function integerAnswers(
  tensors: ReadonlyMap<string, Tensor>,
  pictures: Uint8Array,
): [string, Tensor][] {
  const parameters = parametersOf(tensors);
  const folded = trunkLayers.map((layer) => fold(layer, parameters));
  const integer = integerTrunk(trunk, folded, (name) => {
    const [low, high] = parameters(`quant.${name}`);
    return [low as number, high as number];
  });
  const { s8, s16, head } = trunk.taps;
  const program = {
    ...trunkProgram(trunk, preprocess.size),
    outputs: [s8.name, s16.name, POOLED, head.name],
  };
  const kernels = new Kernels(kernelsModule(), { ...integer, program, arena: planArena(program) });
  const size = pictures.length / PICTURES;
  const maps = Array.from({ length: PICTURES }, (_, i) => {
    kernels.bytes(SQUARE).set(pictures.subarray(i * size, (i + 1) * size));
    kernels.run();
    return [kernels.pixels(s8.name), kernels.pixels(s16.name), kernels.floats(POOLED).slice()];
  });
  const stacked = (k: number): number[] => maps.flatMap((of) => [...(of[k] as Uint8Array)]);
  const tensor = (data: Uint8Array | Float32Array): Tensor => ({
    dtype: data instanceof Uint8Array ? "U8" : "F32",
    shape: [PICTURES, data.length / PICTURES],
    data: data as Tensor["data"],
  });
  return [
    ["int8.s8", tensor(Uint8Array.from(stacked(0)))],
    ["int8.s16", tensor(Uint8Array.from(stacked(1)))],
    ["int8.pooled", tensor(Float32Array.from(stacked(2)))],
  ];
}

/** The evaluation file that goes with a golden one: its pictures as if they were photographs. */
export function evaluationTensors(golden: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  const { inputs, ...outputs } = Object.fromEntries(golden);
  const best = (outputs.category as Tensor).data as Float32Array;
  const width = labels.category.length;
  const category: Tensor = {
    dtype: "I64",
    shape: [PICTURES],
    data: BigInt64Array.from({ length: PICTURES }, (_, i) => {
      const row = best.subarray(i * width, (i + 1) * width);
      return BigInt(row.indexOf(Math.max(...row)));
    }),
  };
  const known: Tensor = { dtype: "U8", shape: [PICTURES], data: new Uint8Array(PICTURES).fill(1) };
  const targets = GROUPS.map((group): [string, Tensor] => {
    const { shape, data } = outputs[group] as Tensor;
    const said = Uint8Array.from(data as Float32Array, (logit) => (logit >= 0 ? 1 : 0));
    return [`target.${group}`, { dtype: "U8", shape, data: said }];
  });
  return new Map([
    ["pictures", inputs as Tensor],
    ["target.category", category],
    ["target.attributes_known", known],
    ...targets,
    ...Object.entries(outputs)
      .filter(([name]) => !name.startsWith("int8."))
      .map(([name, t]): [string, Tensor] => [`output.${name}`, t]),
  ]);
}
