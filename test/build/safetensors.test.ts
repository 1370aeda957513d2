import { describe, expect, it } from "vitest";
import { parseSafetensors, readSafetensors, type Tensor } from "../../build/safetensors.ts";
import { rawFile, safetensorsFile } from "./write-safetensors.ts";

const tensors = new Map<string, Tensor>([
  ["odd", { dtype: "U8", shape: [3], data: new Uint8Array([1, 2, 255]) }],
  ["half", { dtype: "F16", shape: [2], data: new Float16Array([0.5, -2]) }],
  ["matrix", { dtype: "F32", shape: [2, 2], data: new Float32Array([1, -0.25, 3e20, 0]) }],
  ["scalar", { dtype: "I64", shape: [], data: new BigInt64Array([-7n]) }],
]);
const sound = safetensorsFile(tensors, { note: "ä" });
const two = new Uint8Array(2);

const entry = (begin: number, end: number, more: object = {}): object => ({
  dtype: "U8",
  shape: [end - begin],
  data_offsets: [begin, end],
  ...more,
});
const parse =
  (header: unknown, data: Uint8Array = two) =>
  (): unknown =>
    parseSafetensors(rawFile(JSON.stringify(header), data));

describe("a sound safetensors file", () => {
  it("gives back tensors of every type, unaligned ones too, and the metadata", () => {
    expect(parseSafetensors(sound)).toEqual({ metadata: { note: "ä" }, tensors });
  });

  it("may lie anywhere in a larger buffer", () => {
    const larger = new Uint8Array(sound.length + 5);
    larger.set(sound, 3);
    expect(parseSafetensors(larger.subarray(3, 3 + sound.length)).tensors).toEqual(tensors);
  });

  it("may be empty and without metadata", () => {
    expect(parseSafetensors(rawFile("{}"))).toEqual({ metadata: {}, tensors: new Map() });
  });
});

describe("a file cut off", () => {
  it.each([0, 7, 8, 20, sound.length - 1])("after %i bytes is refused", (length) => {
    expect(() => parseSafetensors(sound.subarray(0, length))).toThrow(
      expect.objectContaining({ code: "file_truncated" }),
    );
  });
});

describe("a malformed file is refused:", () => {
  const huge = Buffer.alloc(16, 0xff);
  it.each<[string, () => unknown]>([
    ["an absurd header length", () => parseSafetensors(huge)],
    ["no JSON", () => parseSafetensors(rawFile("{"))],
    ["no UTF-8", () => parseSafetensors(Buffer.from("\x01\0\0\0\0\0\0\0\xff", "latin1"))],
    ["no object", () => parseSafetensors(rawFile("[]"))],
    ["metadata of numbers", parse({ __metadata__: { a: 1 } })],
    ["an unknown type", parse({ a: entry(0, 2, { dtype: "F8" }) })],
    ["a type out of Object.prototype", parse({ a: entry(0, 2, { dtype: "toString" }) })],
    ["no type", parse({ a: {} })],
    ["a negative size", parse({ a: entry(0, 2, { shape: [-1, -2] }) })],
    ["three offsets", parse({ a: entry(0, 2, { data_offsets: [0, 1, 2] }) })],
    ["a size that does not fit", parse({ a: entry(0, 2, { shape: [3] }) })],
    ["a hole", parse({ a: entry(1, 2) })],
    ["an overlap", parse({ a: entry(0, 2), b: entry(1, 2) })],
    ["bytes left over", parse({ a: entry(0, 1) })],
  ])("%s", (_, parsing) => {
    expect(parsing).toThrow(expect.objectContaining({ code: "file_malformed" }));
  });
});

it("a file that is not there is refused by its path", () => {
  expect(() => readSafetensors("/nowhere/student.safetensors")).toThrow(
    expect.objectContaining({
      code: "file_not_found",
      message: expect.stringContaining("/nowhere/student.safetensors"),
    }),
  );
});
