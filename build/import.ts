import { createHash } from "node:crypto";
import { layersOf } from "../model/architecture.ts";
import { GROUPS, type Labels, labels } from "../model/labels.ts";
import type { Layer } from "../model/layer.ts";
import { preprocess } from "../model/preprocess.ts";
import { trunk } from "../model/trunk.ts";
import { BuildError } from "./errors.ts";
import type { Ranges } from "./integer-trunk.ts";
import { type CheckpointMetadata, parseMetadata } from "./metadata.ts";
import { readSafetensors, type Tensor } from "./safetensors.ts";

/** Low and high of every activation of the trunk, by its name. */
const QUANT = "quant.";

/** A parameter's values by its name in the checkpoint, row-major in PyTorch's order. */
export type Parameters = (name: string) => Float32Array;

/** A checkpoint that fits this code: every tensor there, of the right shape, finite. */
export interface Checkpoint {
  metadata: CheckpointMetadata;
  parameters: Parameters;
  /** Of the trunk's activations. */
  ranges: Ranges;
}

/** Throws `BuildError` for a file that is damaged, or of another network or other labels. */
export function importCheckpoint(path: string): Checkpoint {
  const { metadata: table, tensors } = readSafetensors(path);
  try {
    const metadata = parseMetadata(table);
    checkDigest(tensors, metadata.tensorsSha256);
    checkLabels(metadata.labels);
    checkSize(metadata.size);
    const values = checkedTensors(tensors);
    const parameters: Parameters = (name) => values.get(name) as Float32Array;
    const ranges: Ranges = (name) => {
      const [low, high] = parameters(`${QUANT}${name}`);
      return [low as number, high as number];
    };
    return { metadata, parameters, ranges };
  } catch (error) {
    throw error instanceof BuildError ? error.at(path) : error;
  }
}

/** SHA-256 over name and bytes of every tensor, by name, as `training/checkpoint.py` computes it. */
export function tensorsDigest(tensors: ReadonlyMap<string, Tensor>): string {
  const hash = createHash("sha256");
  for (const name of [...tensors.keys()].sort()) {
    const { data } = tensors.get(name) as Tensor;
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest("hex");
}

function checkDigest(tensors: ReadonlyMap<string, Tensor>, wanted: string): void {
  const found = tensorsDigest(tensors);
  if (found === wanted) return;
  throw new BuildError(
    "checkpoint_damaged",
    `the tensors' SHA-256 is ${found}, recorded was ${wanted}: copy or export the file again`,
  );
}

function checkLabels(found: Labels): void {
  compareIds("category", found.category, labels.category);
  for (const group of GROUPS) {
    compareIds(group, found.attributes[group], labels.attributes[group]);
  }
  compareIds("landmarks", found.landmarks, labels.landmarks);
}

function compareIds(head: string, found: readonly string[], wanted: readonly string[]): void {
  if (JSON.stringify(found) === JSON.stringify(wanted)) return;
  const at = wanted.findIndex((id, i) => id !== found[i]);
  const where = at < 0 ? wanted.length : at;
  throw new BuildError(
    "labels_mismatch",
    `${head}: trained on ${found.length} labels, model/labels.json has ${wanted.length}; ` +
      `label ${where} is ${found[where] ?? "absent"} against ${wanted[where] ?? "absent"}`,
  );
}

function checkSize(size: number): void {
  if (size === preprocess.size) return;
  throw new BuildError(
    "size_mismatch",
    `trained for ${size} x ${size}, model/preprocess.json says ${preprocess.size}`,
  );
}

function checkedTensors(tensors: ReadonlyMap<string, Tensor>): Map<string, Float32Array> {
  const expected = new Map([
    ...layersOf(labels).flatMap(expectedTensors),
    ...trunk.steps.map(({ name }): [string, number[]] => [`${QUANT}${name}`, [2]]),
  ]);
  const unexpected = [...tensors.keys()].find((name) => !expected.has(name));
  if (unexpected !== undefined) {
    throw new BuildError("tensor_unexpected", `${unexpected} is no part of this network`);
  }
  return new Map([...expected].map(([name, shape]) => [name, checked(name, shape, tensors)]));
}

/** The tensors of one layer, and of the batch norm behind it, with their PyTorch shapes. */
function expectedTensors({
  name,
  kind,
  kernel,
  inputs,
  outputs,
  norm,
}: Layer): [name: string, shape: number[]][] {
  const perFilter = kind === "depthwise" ? 1 : inputs;
  const shape = kind === "dense" ? [outputs, inputs] : [outputs, perFilter, kernel, kernel];
  const vectors =
    norm === null
      ? [`${name}.bias`]
      : ["weight", "bias", "running_mean", "running_var"].map((part) => `${norm}.${part}`);
  return [[`${name}.weight`, shape], ...vectors.map((v): [string, number[]] => [v, [outputs]])];
}

function checked(
  name: string,
  shape: readonly number[],
  tensors: ReadonlyMap<string, Tensor>,
): Float32Array {
  const tensor = tensors.get(name);
  if (tensor === undefined) throw new BuildError("tensor_missing", `no tensor ${name}`);
  const { data, dtype } = tensor;
  if (tensor.shape.join() !== shape.join() || (dtype !== "F32" && dtype !== "F16")) {
    throw new BuildError(
      "tensor_mismatch",
      `${name} is ${dtype} [${tensor.shape}], expected F32 or F16 [${shape}]`,
    );
  }
  const values = Float32Array.from(data as Float32Array | Float16Array);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new BuildError("tensor_not_finite", `${name}[${bad}] is ${values[bad]}`);
  const negative = name.endsWith(".running_var") ? values.findIndex((value) => value < 0) : -1;
  if (negative >= 0) {
    throw new BuildError("tensor_not_finite", `${name}[${negative}], a variance, is negative`);
  }
  return values;
}
