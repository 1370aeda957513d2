import { readdirSync, readFileSync } from "node:fs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { JPEG_WASM } from "../../build/jpeg.ts";
import { kernelsModule } from "../../build/kernels.ts";
import { trunkBinding } from "../../model/artefact.ts";
import { Kernels } from "../../model/kernels/bind.ts";
import { engineName, loadTagger } from "../../model/load.ts";
import type { Outputs, Tagger } from "../../model/network.ts";
import { preprocess } from "../../model/preprocess.ts";
import { startNode } from "../../worker/hosts/node/start-backend.ts";
import { JpegDecoder } from "../../worker/image/jpeg/decoder.ts";
import { shipped } from "../bench/artefact.ts";
import { describeWith } from "../needs.ts";
import { PHOTOS } from "../photos.ts";
import { randomSquare } from "./random-weights.ts";

const LIMIT = 512_000_000;
const { manifest, weights } = shipped();
let kernels: Kernels;
let int8: Tagger;
let float32: Tagger;

beforeAll(() => {
  startNode();
  kernels = new Kernels(kernelsModule(), trunkBinding(manifest, weights));
  int8 = loadTagger({ manifest, weights, kernels });
  float32 = loadTagger({ manifest, weights, kernels, engine: "float32" });
});

describe("HEMLINE_ENGINE", () => {
  it.each([
    [undefined, "int8"],
    ["", "int8"],
    ["int8", "int8"],
    ["float32", "float32"],
  ])("%s means %s", (value, name) => {
    expect(engineName(value)).toBe(name);
  });

  it("of another name is refused", () => {
    expect(() => engineName("int4")).toThrow('HEMLINE_ENGINE is "int4"');
  });
});

it("taggers say which engine they run", () => {
  expect(int8).toMatchObject({ engine: "int8", threads: 1, simd: true });
  expect(float32).toMatchObject({ engine: "float32", threads: 1, simd: true });
});

it("both engines explain alike", () => {
  const square = randomSquare(preprocess.size);
  const [a, b] = [int8, float32].map((tagger) => tagger.infer(square, { explain: true }).evidence);
  expect(a?.heatmaps.side).toBe(preprocess.size / 8);
  expect(a?.heatmaps.values).toHaveLength(b?.heatmaps.values.length ?? 0);
  expect(a?.categories.side).toBe(b?.categories.side);
});

it("nothing grows over thousands of pictures", () => {
  const squares = [1, 2, 3, 4].map((seed) => randomSquare(preprocess.size, seed));
  const look = () => ({
    tensors: tf.memory().numTensors,
    bytes: tf.memory().numBytes,
    heap: (tf.backend() as unknown as Heap).wasm.HEAPU8.byteLength,
    kernels: kernels.memory.buffer.byteLength,
  });
  const infer = (i: number): Outputs =>
    int8.infer(squares[i % squares.length] as Uint8Array, { explain: i % 100 === 0 });
  for (let i = 0; i < 100; i++) infer(i);
  const before = look();
  for (let i = 0; i < 2000; i++) infer(i);
  expect(look()).toEqual(before);
});

/** What tfjs keeps to itself. */
type Heap = BackendWasm & { wasm: { HEAPU8: Uint8Array } };

describeWith(["photos"], "on real photographs", () => {
  it("both engines give the same answers", () => {
    const module = new WebAssembly.Module(new Uint8Array(readFileSync(JPEG_WASM)));
    const decoder = new JpegDecoder(module);
    const names = readdirSync(`${PHOTOS}/images`).sort();
    const pairs = names
      .filter((_, i) => i % 15 === 0)
      .map((name) => {
        const file = new Uint8Array(readFileSync(`${PHOTOS}/images/${name}`));
        const square = decoder.square(decoder.open(file)[8], preprocess.size, LIMIT);
        return [int8.infer(square), float32.infer(square)] as const;
      });
    const same = pairs.filter(([a, b]) => best(a) === best(b));
    expect(pairs.length).toBeGreaterThan(200);
    expect(same.length / pairs.length).toBeGreaterThanOrEqual(0.99);
    const apart = pairs.map(([a, b]) =>
      mean(scores(a).map((s, i) => Math.abs(s - (scores(b)[i] as number)))),
    );
    expect(mean(apart)).toBeLessThanOrEqual(0.01);
  });
});

const best = ({ category }: Outputs): number => category.indexOf(Math.max(...category));
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b) / values.length;
const scores = ({ category, attributes, presence }: Outputs): number[] => [
  ...category,
  ...Object.values(attributes).flatMap((group) => [...group]),
  ...presence,
];
