import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildModel, type Paths } from "../../build/build-model.ts";
import type { BuildErrorCode } from "../../build/errors.ts";
import { tensorsDigest } from "../../build/import.ts";
import type { Tensor } from "../../build/safetensors.ts";
import { type Manifest, restWeights, trunkWeights } from "../../model/artefact.ts";
import { labels } from "../../model/labels.ts";
import {
  checkpointFile,
  evaluationTensors,
  goldenTensors,
  metadata,
  untrainedTensors,
} from "./checkpoint.ts";
import { safetensorsFile } from "./write-safetensors.ts";

const folder = mkdtempSync(join(tmpdir(), "hemline-build-"));
const path = (name: string): string => join(folder, name);
const paths: Paths = {
  checkpoint: path("student.safetensors"),
  golden: path("golden.safetensors"),
  evaluation: null,
  out: path("artefact"),
};
const read = (out: string): [manifest: Buffer, weights: Buffer] => [
  readFileSync(join(out, "manifest.json")),
  readFileSync(join(out, "weights.bin")),
];
/** Digests of both files: comparing megabytes value by value takes seconds. */
const artefact = (out = paths.out): string[] =>
  read(out).map((bytes) => createHash("sha256").update(bytes).digest("hex"));

const tensors = untrainedTensors();
const belongs = { tensors_sha256: tensorsDigest(tensors) };
/** A layer with more inputs than full weights may have. */
const LARGE = "trunk._blocks.15._project_conv.weight";
const golden = goldenTensors(tensors);
const evaluation = evaluationTensors(golden);

/** The tensors with one replaced, or left out. */
function replaced(all: Map<string, Tensor>, name: string, by?: Tensor): Map<string, Tensor> {
  const copy = new Map(all);
  if (by === undefined) copy.delete(name);
  else copy.set(name, by);
  return copy;
}

/** A copy of a tensor with its first value changed. */
function poked(all: Map<string, Tensor>, name: string, value: number): Map<string, Tensor> {
  const { dtype, shape, data } = all.get(name) as Tensor;
  const copy = (data as Float32Array).slice();
  copy[0] = value;
  return replaced(all, name, { dtype, shape, data: copy });
}

/** The tensor with every weight the same. */
function ones(name: string): Tensor {
  const { dtype, shape, data } = tensors.get(name) as Tensor;
  return { dtype, shape, data: (data as Float16Array).slice().fill(1) };
}

beforeAll(() => {
  writeFileSync(paths.checkpoint, checkpointFile(tensors));
  writeFileSync(paths.golden, safetensorsFile(golden, belongs));
  buildModel(paths);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe("a sound checkpoint", () => {
  it("gives the same bytes again", () => {
    const again = { ...paths, out: path("again") };
    buildModel(again);
    expect(artefact(again.out)).toEqual(artefact());
  });

  it("leaves the two files and nothing else", () => {
    expect(readdirSync(paths.out).sort()).toEqual(["manifest.json", "weights.bin"]);
  });

  it("can be read back, layer by layer", () => {
    const [text, bytes] = read(paths.out);
    const manifest: Manifest = JSON.parse(text.toString());
    expect(manifest.model).toBe(metadata.version);
    const weights = new Uint8Array(bytes).buffer;
    const layers = [...trunkWeights(manifest, weights), ...restWeights(manifest, weights)];
    const names = [...manifest.trunk.layers, ...manifest.layers].map(({ name }) => name);
    expect(layers.map(({ name }) => name)).toEqual(names);
    for (const { kernel, bias } of layers) {
      expect(kernel.every(Number.isFinite) && bias.every(Number.isFinite)).toBe(true);
    }
  });

  it("is compared on photographs where they are there", () => {
    writeFileSync(path("val"), safetensorsFile(evaluation, belongs));
    const { photographs } = buildModel({ ...paths, evaluation: path("val") });
    expect(photographs).toMatchObject({ pictures: 2, sameTop1: 1 });
    expect(photographs?.scores).toMatchObject({ category: [1, 1], all: [1, expect.any(Number)] });
  });
});

describe("refused, the artefact in place untouched:", () => {
  const file = (name: string, bytes: Uint8Array): string => {
    writeFileSync(path(name), bytes);
    return path(name);
  };
  const checkpoint = (bytes: Uint8Array) => (): Partial<Paths> => ({
    checkpoint: file("bad.safetensors", bytes),
  });
  const goldenOf =
    (all: Map<string, Tensor>, table: Record<string, string> = belongs) =>
    () => ({
      golden: file("bad-golden.safetensors", safetensorsFile(all, table)),
    });
  const val =
    (all: Map<string, Tensor>, table: Record<string, string> = belongs) =>
    () => ({
      evaluation: file("bad-val.safetensors", safetensorsFile(all, table)),
    });
  const sound = checkpointFile(tensors);
  const flipped = sound.slice();
  flipped[flipped.length - 2] = (flipped.at(-2) as number) ^ 0x10;
  const head = metadata.heads.category;
  const stem = tensors.get("trunk._conv_stem.weight") as Tensor;
  const extra = new Map([...tensors, ["trunk._fc.weight", stem]]);
  const otherCount = { ...metadata.heads, category: head.slice(1) };
  const otherOrder = { ...metadata.heads, category: head.toReversed() };
  const fewThresholds = { ...metadata.thresholds, style: [0.5] };
  const variance = "trunk._bn0.running_var";

  it.each<[string, BuildErrorCode, () => Partial<Paths>]>([
    ["no file", "file_not_found", () => ({ checkpoint: path("nothing") })],
    ["half a file", "file_truncated", checkpoint(sound.subarray(0, sound.length / 2))],
    ["no safetensors file", "file_malformed", checkpoint(new Uint8Array(64))],
    ["a flipped bit", "checkpoint_damaged", checkpoint(flipped)],
    ["no metadata", "metadata_missing", checkpoint(safetensorsFile(tensors))],
    [
      "metadata that is not JSON",
      "metadata_malformed",
      checkpoint(safetensorsFile(tensors, { hemline: "{" })),
    ],
    [
      "metadata of another format",
      "metadata_malformed",
      checkpoint(checkpointFile(tensors, { format: 1 })),
    ],
    [
      "too few thresholds",
      "metadata_malformed",
      checkpoint(checkpointFile(tensors, { thresholds: fewThresholds })),
    ],
    [
      "another number of labels",
      "labels_mismatch",
      checkpoint(checkpointFile(tensors, { heads: otherCount })),
    ],
    [
      "labels in another order",
      "labels_mismatch",
      checkpoint(checkpointFile(tensors, { heads: otherOrder })),
    ],
    ["another input size", "size_mismatch", checkpoint(checkpointFile(tensors, { size: 224 }))],
    [
      "a missing tensor",
      "tensor_missing",
      checkpoint(checkpointFile(replaced(tensors, "context.bn.bias"))),
    ],
    ["a tensor too many", "tensor_unexpected", checkpoint(checkpointFile(extra))],
    [
      "a tensor of another shape",
      "tensor_mismatch",
      checkpoint(checkpointFile(replaced(tensors, "category.weight", stem))),
    ],
    [
      "a NaN",
      "tensor_not_finite",
      checkpoint(checkpointFile(poked(tensors, "category.bias", Number.NaN))),
    ],
    [
      "a negative variance",
      "tensor_not_finite",
      checkpoint(checkpointFile(poked(tensors, variance, -1))),
    ],
    [
      "a range without 0",
      "range_malformed",
      checkpoint(checkpointFile(poked(tensors, "quant.0.out", 0.5))),
    ],
    [
      "no range for an activation",
      "tensor_missing",
      checkpoint(checkpointFile(replaced(tensors, "quant.head"))),
    ],
    [
      "weights that could overflow the sums",
      "accumulator_unbounded",
      checkpoint(checkpointFile(replaced(tensors, LARGE, ones(LARGE)))),
    ],
    [
      "a temperature of nothing",
      "metadata_malformed",
      checkpoint(checkpointFile(tensors, { temperatures: { ...metadata.temperatures, style: 0 } })),
    ],
    ["no golden file", "file_not_found", () => ({ golden: path("nothing") })],
    ["another checkpoint's golden file", "golden_mismatch", goldenOf(golden, {})],
    ["a golden file without outputs", "tensor_missing", goldenOf(replaced(golden, "presence"))],
    [
      "golden inputs that are no pictures",
      "golden_mismatch",
      goldenOf(replaced(golden, "inputs", stem)),
    ],
    ["golden outputs that differ", "float_differs", goldenOf(poked(golden, "style", 0.1))],
    ["golden integers that differ", "integer_differs", goldenOf(poked(golden, "int8.s16", 17))],
    ["golden means that differ", "integer_differs", goldenOf(poked(golden, "int8.pooled", 9))],
    ["golden outputs of NaN", "float_differs", goldenOf(poked(golden, "category", Number.NaN))],
    ["another checkpoint's photographs", "golden_mismatch", val(evaluation, {})],
    [
      "targets that are no bytes",
      "golden_mismatch",
      val(replaced(evaluation, "target.style", stem)),
    ],
    [
      "another top-1 after quantisation",
      "quantised_differs",
      val(poked(evaluation, "output.category", 99)),
    ],
    ["a lower F1 after quantisation", "quantised_differs", val(otherStyle())],
  ])("%s", (_, code, changes) => {
    const before = artefact();
    expect(() => buildModel({ ...paths, ...changes() })).toThrow(expect.objectContaining({ code }));
    expect(artefact()).toEqual(before);
    expect(readdirSync(paths.out)).toHaveLength(2);
  });

  /** A float network that is right about a style that the int8 engine sees otherwise. */
  function otherStyle(): Map<string, Tensor> {
    const said = ((golden.get("style") as Tensor).data[0] as number) > 0;
    const other = poked(evaluation, "output.style", said ? -99 : 99);
    return poked(other, "target.style", said ? 0 : 1);
  }

  it("says which label differs", () => {
    const { checkpoint: bad } = checkpoint(checkpointFile(tensors, { heads: otherCount }))();
    expect(() => buildModel({ ...paths, checkpoint: bad as string })).toThrow(
      `category: trained on ${head.length - 1} labels, model/labels.json has ${head.length}; ` +
        `label 0 is ${labels.category[1]} against ${labels.category[0]}`,
    );
  });
});
