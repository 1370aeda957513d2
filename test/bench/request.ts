/**
 * What a request costs, seen from outside one workerd: wall time, and CPU time of the process
 * with its idle share taken off. Clocks inside a Worker stand still while it computes.
 */
import { existsSync } from "node:fs";
import { cpus } from "node:os";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { PHOTOS } from "../photos.ts";
import { type ServedWorker, serveWorker } from "../served/worker.ts";
import { cpuTime, median } from "./cpu.ts";
import { type Picture, readPhotographs, resized } from "./pictures.ts";

const HELP = `npm run bench:request -- [options]

Builds the Worker, serves it in one workerd, sends photographs, prints medians per request. They go
straight to the Worker: Miniflare's own, which stands before it otherwise, costs as much as a part of it.

  --megapixels LIST  sizes to send (0.06,0.3,1.3,5)
  --requests N       of each size, over all rounds (500)
  --rounds N         the sizes take turns so many times (5)
  --warmups N        requests before anything counts: WASM starts unoptimised (200)
  --photographs N    different photographs (8)
  --engine NAME      int8 or float32 (int8)
  --json             the result as one JSON object on the last line
  --help

Photographs: HEMLINE_PHOTOS, else ../shared/data/clothing. CPU time needs Linux (/proc).`;

const { values } = parseArgs({
  options: {
    megapixels: { type: "string", default: "0.06,0.3,1.3,5" },
    requests: { type: "string", default: "500" },
    rounds: { type: "string", default: "5" },
    warmups: { type: "string", default: "200" },
    photographs: { type: "string", default: "8" },
    engine: { type: "string", default: "int8" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

interface Size {
  megapixels: number;
  pictures: Picture[];
  wall: number[];
  /** Median-ready: one mean per round. */
  cpu: number[];
}

async function main(): Promise<void> {
  if (values.help) return console.log(HELP);
  if (!existsSync(`${PHOTOS}/images`)) throw new Error(`no photographs: ${PHOTOS}/images`);
  const sizes = await prepareSizes();
  const bindings = { HEMLINE_ENV: "development", HEMLINE_ENGINE: values.engine };
  const worker = await serveWorker("worker/index.ts", "worker", { bindings });
  try {
    const pid = worker.pid;
    if (pid === undefined) throw new Error("workerd's CPU time cannot be read here: no /proc");
    const cold = await coldRequest(worker, pid, sizes);
    for (let i = 0; i < Number(values.warmups); i++) await send(worker, sizes[i % sizes.length], i);
    const idle = await idleShare(pid);
    const rounds = Number(values.rounds);
    const each = Math.ceil(Number(values.requests) / rounds);
    for (let round = 0; round < rounds; round++) {
      for (const size of sizes) await measure(worker, pid, size, each, idle);
    }
    await report(worker, sizes, cold, idle, each * rounds);
  } finally {
    await worker.stop();
  }
}

async function prepareSizes(): Promise<Size[]> {
  const photographs = await readPhotographs(Number(values.photographs));
  const sizes: Size[] = [];
  for (const megapixels of values.megapixels.split(",").map(Number)) {
    const pictures: Picture[] = [];
    for (const photograph of photographs) pictures.push(await resized(photograph, megapixels));
    sizes.push({ megapixels, pictures, wall: [], cpu: [] });
  }
  return sizes;
}

/** ms until the answer has arrived. */
async function send(worker: ServedWorker, size: Size | undefined, turn: number): Promise<number> {
  const picture = size?.pictures[turn % size.pictures.length];
  if (picture === undefined) throw new Error("nothing to send");
  const start = performance.now();
  const response = await fetch(`${worker.direct}/v1/tags`, { method: "POST", body: picture.bytes });
  const text = await response.text();
  const wall = performance.now() - start;
  if (!response.ok) throw new Error(`${response.status}: ${text}`);
  return wall;
}

/** The first request of all: what start-up leaves undone, and unoptimised WASM. */
async function coldRequest(worker: ServedWorker, pid: number, sizes: Size[]) {
  const before = cpuTime(pid);
  const wall = await send(worker, sizes[0], 0);
  return { wall, cpu: cpuTime(pid) - before };
}

/** ms of CPU that workerd spends per ms of doing nothing. */
async function idleShare(pid: number): Promise<number> {
  const [cpu, start] = [cpuTime(pid), performance.now()];
  await sleep(3000);
  return (cpuTime(pid) - cpu) / (performance.now() - start);
}

async function measure(
  worker: ServedWorker,
  pid: number,
  size: Size,
  requests: number,
  idle: number,
): Promise<void> {
  const [cpu, start] = [cpuTime(pid), performance.now()];
  for (let i = 0; i < requests; i++) size.wall.push(await send(worker, size, i));
  const elapsed = performance.now() - start;
  size.cpu.push((cpuTime(pid) - cpu - idle * elapsed) / requests);
}

async function report(
  worker: ServedWorker,
  sizes: Size[],
  cold: { wall: number; cpu: number },
  idle: number,
  requests: number,
): Promise<void> {
  const model = (await (await fetch(`${worker.url}/v1/model`)).json()) as Record<string, unknown>;
  const rows = sizes.map(({ megapixels, pictures, wall, cpu }) => ({
    megapixels,
    kilobytes: round(median(pictures.map(({ bytes }) => bytes.length / 1000))),
    wall_ms: round(median(wall)),
    cpu_ms: round(median(cpu)),
    cpu_ms_min: round(Math.min(...cpu)),
    cpu_ms_max: round(Math.max(...cpu)),
  }));
  console.table(rows);
  console.log(`cold: ${round(cold.wall)} ms wall, ${round(cold.cpu)} ms CPU`);
  if (!values.json) return;
  const { model: version, engine, simd, threads } = model;
  console.log(
    JSON.stringify({
      bench: "request",
      ...{ model: version, engine, simd, threads, requests, rounds: Number(values.rounds) },
      ...{ warmups: Number(values.warmups), idle_share: Math.round(idle * 1e4) / 1e4 },
      ...{ node: process.version, cpu: cpus()[0]?.model, cpus: cpus().length },
      cold: { wall_ms: round(cold.wall), cpu_ms: round(cold.cpu) },
      rows,
    }),
  );
}

const round = (value: number): number => Math.round(value * 100) / 100;

await main();
