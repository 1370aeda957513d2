/**
 * A strict reader of the safetensors format, little-endian:
 * u64 header length, JSON header, data without holes.
 * https://github.com/huggingface/safetensors#format
 */
import { readFileSync } from "node:fs";
import { BuildError } from "./errors.ts";

const VIEWS = {
  F16: Float16Array,
  F32: Float32Array,
  I64: BigInt64Array,
  U8: Uint8Array,
} as const;
export type Dtype = keyof typeof VIEWS;

export interface Tensor {
  dtype: Dtype;
  shape: readonly number[];
  /** Row-major, in memory of its own. */
  data: InstanceType<(typeof VIEWS)[Dtype]>;
}

export interface SafeTensors {
  metadata: Readonly<Record<string, string>>;
  tensors: ReadonlyMap<string, Tensor>;
}

interface Entry {
  name: string;
  dtype: Dtype;
  shape: number[];
  begin: number;
  end: number;
}

const LENGTH_BYTES = 8;
const HEADER_LIMIT = 100_000_000;

/** Throws `BuildError`: `file_not_found`, `file_truncated`, `file_malformed`. */
export function readSafetensors(path: string): SafeTensors {
  let file: Buffer;
  try {
    file = readFileSync(path);
  } catch (error) {
    throw new BuildError("file_not_found", `${path}: ${(error as Error).message}`);
  }
  try {
    return parseSafetensors(file);
  } catch (error) {
    throw error instanceof BuildError ? error.at(path) : error;
  }
}

/** Throws `BuildError`: `file_truncated`, `file_malformed`. */
export function parseSafetensors(file: Uint8Array): SafeTensors {
  if (file.length < LENGTH_BYTES) throw truncated(`${file.length} bytes hold no header length`);
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const headerLength = view.getBigUint64(0, true);
  if (headerLength > HEADER_LIMIT) throw malformed(`a header of ${headerLength} bytes`);
  const start = LENGTH_BYTES + Number(headerLength);
  if (file.length < start) throw truncated(`the header ends at byte ${start} of ${file.length}`);

  const header = parseHeader(file.subarray(LENGTH_BYTES, start));
  const { __metadata__: metadata = {}, ...rest } = header;
  if (!isStringRecord(metadata)) throw malformed("__metadata__ is not a table of strings");
  const entries = Object.entries(rest)
    .map(([name, value]) => parseEntry(name, value))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkCoverage(entries, file.length - start);
  const tensors = new Map(entries.map((entry) => [entry.name, copy(file, start, entry)]));
  return { metadata, tensors };
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw malformed(`the header is not JSON (${(error as Error).message})`);
  }
  if (!isRecord(header)) throw malformed("the header is not a JSON object");
  return header;
}

function parseEntry(name: string, value: unknown): Entry {
  if (!isRecord(value)) throw malformed(`${name}: not an object`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== "string" || !Object.hasOwn(VIEWS, dtype)) {
    throw malformed(`${name}: type ${String(dtype)}, known are ${Object.keys(VIEWS).join(", ")}`);
  }
  if (!isSizes(shape)) throw malformed(`${name}: bad shape`);
  if (!isSizes(offsets) || offsets.length !== 2) throw malformed(`${name}: bad data_offsets`);
  const [begin, end] = offsets as [number, number];
  const known = dtype as Dtype;
  const bytes = shape.reduce((a, b) => a * b, 1) * VIEWS[known].BYTES_PER_ELEMENT;
  if (end - begin !== bytes) {
    throw malformed(`${name}: ${end - begin} bytes for ${dtype} [${shape.join(",")}]`);
  }
  return { name, dtype: known, shape, begin, end };
}

function checkCoverage(entries: readonly Entry[], length: number): void {
  let at = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== at) throw malformed(`${name}: starts at byte ${begin}, the data reached ${at}`);
    at = end;
  }
  if (at > length) throw truncated(`${length} bytes of data where the header promises ${at}`);
  if (at < length) throw malformed(`${length - at} bytes after the last tensor`);
}

function copy(file: Uint8Array, start: number, { dtype, shape, begin, end }: Entry): Tensor {
  // A copy, because the file aligns tensors to their own size at best.
  const { buffer } = new Uint8Array(file.subarray(start + begin, start + end));
  return { dtype, shape, data: new VIEWS[dtype](buffer) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isStringRecord(value: unknown): value is Record<string, string> {
  return isRecord(value) && Object.values(value).every((entry) => typeof entry === "string");
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

const truncated = (detail: string): BuildError =>
  new BuildError("file_truncated", `the file is cut off: ${detail}`);
const malformed = (detail: string): BuildError =>
  new BuildError("file_malformed", `not a sound safetensors file: ${detail}`);
