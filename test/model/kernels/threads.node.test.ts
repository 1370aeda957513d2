import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { committed } from "../../../build/kernels.ts";
import { trunkBinding } from "../../../model/artefact.ts";
import { Kernels } from "../../../model/kernels/bind.ts";
import { POOLED, S8, S16, SQUARE } from "../../../model/kernels/program.ts";
import { canStartThreads } from "../../../model/kernels/threads/can-start.ts";
import { startThreads } from "../../../model/kernels/threads/start.ts";
import { preprocess } from "../../../model/preprocess.ts";
import { spawnNode } from "../../../worker/hosts/node/kernel-threads.ts";
import { randomSquare } from "../random-weights.ts";

const ARTEFACT = new URL("../../../model/artefact/", import.meta.url);
const file = (name: string): Buffer => readFileSync(new URL(name, ARTEFACT));
const binding = trunkBinding(
  JSON.parse(file("manifest.json").toString()),
  new Uint8Array(file("weights.bin")).buffer,
);
const compiled = (name: string): WebAssembly.Module =>
  new WebAssembly.Module(new Uint8Array(committed(name)));
const shared = compiled("kernels-threads.wasm");

let one: Kernels;
beforeAll(() => {
  one = new Kernels(compiled("kernels.wasm"), binding);
});

function answer(kernels: Kernels, seed: number): Float32Array[] {
  kernels.bytes(SQUARE).set(randomSquare(preprocess.size, seed));
  kernels.run();
  return [S8, S16, POOLED].map((name) => kernels.floats(name).slice());
}

describe.each([2, 3])("%i threads", (threads) => {
  let kernels: Kernels;
  beforeAll(async () => {
    kernels = await startThreads(shared, binding, threads, spawnNode);
  });
  afterAll(() => kernels.stop());

  it("give the bits that one thread gives, picture after picture", () => {
    for (let seed = 1; seed <= 20; seed++) {
      expect(answer(kernels, seed)).toEqual(answer(one, seed));
    }
  });
});

it("kernels for shared memory give the same on one thread", async () => {
  const kernels = await startThreads(shared, binding, 1, spawnNode);
  expect(() => new Kernels(compiled("kernels.wasm"), binding, 2)).toThrow(WebAssembly.LinkError);
  expect(kernels.threads).toBe(1);
});

describe("the probe", () => {
  it("finds that Node can", async () => {
    expect(await canStartThreads(shared, spawnNode)).toBe(true);
  });

  it("believes no host that only says so", async () => {
    const never = (): Promise<void> => Promise.reject(new Error("no threads here"));
    expect(await canStartThreads(shared, never)).toBe(false);
    expect(await canStartThreads(shared, undefined)).toBe(false);
  });
});

it("a thread that fails to start is what the start throws", async () => {
  const failing = (): Promise<void> => Promise.reject(new Error("out of threads"));
  await expect(startThreads(shared, binding, 2, failing)).rejects.toThrow("out of threads");
});
