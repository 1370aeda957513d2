import { GROUPS, perGroup } from "../model/labels.ts";
import { preprocess } from "../model/preprocess.ts";
import type { Answers } from "../model/tagger.ts";
import { BuildError } from "./errors.ts";
import { readSafetensors, type SafeTensors, type Tensor } from "./safetensors.ts";

/** Pictures as the network sees them, and PyTorch's answers for each. */
export interface Golden {
  inputs: Inputs;
  /** Of the float32 network. */
  answers: Answers[];
  /** What the integer trunk hands out: `[h,w,c]` bytes, and float32 means. */
  integer: IntegerMaps[];
}

export interface IntegerMaps {
  s8: Uint8Array;
  s16: Uint8Array;
  pooled: Float32Array;
}

/** Pictures as the network takes them: size * size RGB pixels each. */
export type Inputs = readonly Uint8Array[];

/**
 * `model/checkpoint/golden.safetensors`: written with the checkpoint whose digest it carries.
 * Throws `BuildError`: `golden_mismatch` where it belongs to another checkpoint.
 */
export function readGolden(path: string, tensorsSha256: string): Golden {
  const file = readSafetensors(path);
  if (file.metadata.tensors_sha256 !== tensorsSha256) {
    throw new BuildError(
      "golden_mismatch",
      `${path} was written with another checkpoint (${file.metadata.tensors_sha256})`,
    );
  }
  const inputs = readPictures(file, "inputs", path);
  const count = inputs.length;
  const bytes = (name: string): Uint8Array[] => readRows(file, name, count, path, Uint8Array);
  const [s8, s16] = [bytes("int8.s8"), bytes("int8.s16")];
  const pooled = readRows(file, "int8.pooled", count, path, Float32Array);
  const integer = inputs.map((_, i) => ({
    s8: s8[i] as Uint8Array,
    s16: s16[i] as Uint8Array,
    pooled: pooled[i] as Float32Array,
  }));
  return { inputs, answers: readAnswers(file, "", count, path), integer };
}

/** Tensor `name`, uint8 [n,size,size,3], as n pictures. */
export function readPictures(file: SafeTensors, name: string, path: string): Inputs {
  const { size } = preprocess;
  const { data, shape } = tensor(file, name, path);
  const values = size * size * 3;
  if (!(data instanceof Uint8Array) || shape.slice(1).join() !== [size, size, 3].join()) {
    throw new BuildError("golden_mismatch", `${path}: ${name} is [${shape}], not pictures`);
  }
  return Array.from({ length: shape[0] ?? 0 }, (_, i) =>
    data.subarray(i * values, (i + 1) * values),
  );
}

/** The network's answers per picture, from tensors [n,...] whose names start with `prefix`. */
export function readAnswers(
  file: SafeTensors,
  prefix: string,
  count: number,
  path: string,
): Answers[] {
  const rows = (name: string): Float32Array[] =>
    readRows(file, prefix + name, count, path, Float32Array);
  const category = rows("category");
  const landmarks = rows("landmarks");
  const presence = rows("presence");
  const attributes = GROUPS.map((group) => [group, rows(group)] as const);
  const byGroup = Object.fromEntries(attributes);
  return category.map((_, i) => ({
    category: category[i] as Float32Array,
    attributes: perGroup((group) => byGroup[group]?.[i] as Float32Array),
    landmarks: landmarks[i] as Float32Array,
    presence: presence[i] as Float32Array,
  }));
}

/** A tensor [n,...] of one type as n flat rows. */
function readRows<T extends Uint8Array | Float32Array>(
  file: SafeTensors,
  name: string,
  count: number,
  path: string,
  type: new (length: number) => T,
): T[] {
  const { data, shape } = tensor(file, name, path);
  if (!(data instanceof type) || shape[0] !== count) {
    throw new BuildError("golden_mismatch", `${path}: ${name} is [${shape}] for ${count} pictures`);
  }
  const width = data.length / count;
  return Array.from({ length: count }, (_, i) => data.subarray(i * width, (i + 1) * width) as T);
}

export function tensor(file: SafeTensors, name: string, path: string): Tensor {
  const found = file.tensors.get(name);
  if (found === undefined) throw new BuildError("tensor_missing", `${path}: no tensor ${name}`);
  return found;
}
