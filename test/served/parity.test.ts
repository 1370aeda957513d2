/** Training and Worker must show the network the same picture. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";
import { afterAll, expect, it } from "vitest";
import { preprocess } from "../../model/preprocess.ts";
import { describeWith, PYTHON } from "../needs.ts";
import { PHOTOS } from "../photos.ts";
import { ROOT, type ServedWorker, serveWorker } from "./worker.ts";

const DRAWN = `${ROOT}/test/fixtures/pictures`;
const BYTES = preprocess.size ** 2 * 3;

let worker: Promise<ServedWorker> | undefined;
const start = () => {
  worker ??= serveWorker("test/served/square.ts", "square");
  return worker;
};
afterAll(async () => (await worker)?.stop());

async function served(path: string): Promise<Uint8Array> {
  const response = await fetch((await start()).url, { method: "POST", body: readFileSync(path) });
  const square = await response.bytes();
  expect(square.length).toBe(BYTES);
  return square;
}

async function trained(paths: string[]): Promise<Uint8Array[]> {
  const { stdout } = await promisify(execFile)(
    PYTHON,
    [`${ROOT}/test/served/square.py`, ...paths],
    {
      env: { ...process.env, PYTHONPATH: ROOT },
      encoding: "buffer",
      maxBuffer: 2 ** 28,
    },
  );
  return paths.map((_, i) => stdout.subarray(i * BYTES, (i + 1) * BYTES));
}

/** In steps of 1/255. */
function difference(a: Uint8Array, b: Uint8Array): { mean: number; max: number } {
  const steps = a.map((value, i) => Math.abs(value - (b[i] as number)));
  return { mean: steps.reduce((x, y) => x + y, 0) / steps.length, max: Math.max(...steps) };
}

describeWith(["python"], "from identical pixels", () => {
  // Lossless files: every decoder gives the same pixels. Orientation and alpha included.
  it("training and Worker give the same bytes", async () => {
    const lossless = /^(alpha|orientation-6)\.(png|webp)$|^(rgb|grey|palette)\.png$|^lossless/;
    const paths = readdirSync(DRAWN)
      .filter((name) => lossless.test(name))
      .map((name) => `${DRAWN}/${name}`);
    expect(paths.length).toBe(8);
    for (const [i, square] of (await trained(paths)).entries()) {
      expect(difference(square, await served(paths[i] as string)), paths[i]).toEqual({
        mean: 0,
        max: 0,
      });
    }
  });
});

describeWith(["python", "photos"], "from the same photograph", () => {
  // Both decoders descend from libjpeg-turbo; another one may round otherwise.
  it("training and Worker differ by at most 1/255 in the mean", async () => {
    const names = readdirSync(`${PHOTOS}/images`).sort();
    const paths = names.filter((_, i) => i % 160 === 0).map((name) => `${PHOTOS}/images/${name}`);
    let [mean, max] = [0, 0];
    for (const [i, square] of (await trained(paths)).entries()) {
      const one = difference(square, await served(paths[i] as string));
      mean = Math.max(mean, one.mean);
      max = Math.max(max, one.max);
    }
    console.log(`${paths.length} photographs: mean <= ${mean.toFixed(3)}/255, max ${max}/255`);
    expect(mean).toBeLessThanOrEqual(1);
    expect(max).toBeLessThanOrEqual(8);
  });
});
