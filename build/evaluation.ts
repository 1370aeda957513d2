import { GROUPS, type Group, perGroup } from "../model/labels.ts";
import type { Answers } from "../model/tagger.ts";
import { BuildError } from "./errors.ts";
import { type Inputs, readAnswers, readPictures, tensor } from "./golden.ts";
import { readSafetensors } from "./safetensors.ts";

/** The validation split as served, its labels, and PyTorch's float32 answers for it. */
export interface Evaluation {
  inputs: Inputs;
  answers: Answers[];
  /** Per picture: the index of its category. */
  categories: number[];
  /** Per picture: 1 where its attributes are labelled. */
  attributesKnown: Uint8Array;
  /** Per group: [n,labels] row-major, 1 where the picture has the attribute. */
  targets: Record<Group, Uint8Array>;
}

/**
 * The file that `training/export.py` writes next to a run. Photographs: never committed.
 * Throws `BuildError`: `golden_mismatch` where it belongs to another checkpoint.
 */
export function readEvaluation(path: string, tensorsSha256: string): Evaluation {
  const file = readSafetensors(path);
  if (file.metadata.tensors_sha256 !== tensorsSha256) {
    throw new BuildError("golden_mismatch", `${path} was written with another checkpoint`);
  }
  const bytes = (name: string): Uint8Array => {
    const { data, dtype } = tensor(file, name, path);
    if (data instanceof Uint8Array) return data;
    throw new BuildError("golden_mismatch", `${path}: ${name} is ${dtype}, not U8`);
  };
  const inputs = readPictures(file, "pictures", path);
  const targets = GROUPS.map((group) => [group, bytes(`target.${group}`)] as const);
  const byGroup = Object.fromEntries(targets);
  return {
    inputs,
    categories: Array.from(tensor(file, "target.category", path).data, Number),
    answers: readAnswers(file, "output.", inputs.length, path),
    attributesKnown: bytes("target.attributes_known"),
    targets: perGroup((group) => byGroup[group] as Uint8Array),
  };
}
