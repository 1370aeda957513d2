/**
 * `npm run bench:load`: an open loop of real photographs at rising rates until saturation and beyond, from
 * a process of its own, on uploads, on the same with the plain pipeline, and on webhooks; then a soak.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { PHOTOS } from "../../photos.ts";
import { ROOT, type ServedWorker, serveWorker } from "../../served/worker.ts";
import { cpuTime } from "../cpu.ts";
import { isSaturated, openLoop, type Step } from "./open-loop.ts";
import { loadWebhooks } from "./webhooks.ts";

const HELP = `npm run bench:load -- [options]

  --targets LIST     of uploads, plain, webhooks (uploads,plain,webhooks)
  --seconds N        each rate is held so long (20)
  --shares LIST      rates as shares of what one request after another gives (0.25,0.5,0.75,0.9,1.1,1.5,3,6)
  --soak N           uploads of the soak, at half the capacity; 0 for none (20000)
  --photographs N    different photographs (64)
  --out FILE         the result as JSON (.cache/bench/load.json)
  --help

Then \`.venv/bin/python test/bench/load/figure.py .cache/bench/load.json FIGURE\` draws it.
Photographs: HEMLINE_PHOTOS, else ../shared/data/clothing. CPU time and memory need Linux (/proc).`;

const { values } = parseArgs({
  options: {
    targets: { type: "string", default: "uploads,plain,webhooks" },
    seconds: { type: "string", default: "20" },
    shares: { type: "string", default: "0.25,0.5,0.75,0.9,1.1,1.5,3,6" },
    soak: { type: "string", default: "20000" },
    photographs: { type: "string", default: "64" },
    out: { type: "string", default: `${ROOT}/.cache/bench/load.json` },
    help: { type: "boolean", default: false },
  },
});
const seconds = Number(values.seconds);
const shares = values.shares.split(",").map(Number);
const WARM_UPS = 100;
const SEQUENTIAL = 40;
const SOAK_SAMPLES = 20;

type Picture = Uint8Array<ArrayBuffer>;

interface Measured {
  /** Requests a second, one after another. */
  sequential: number;
  /** The highest rate that was not saturation. */
  capacity: number;
  /** CPU time of workerd for one request, one after another, in ms. */
  cpu_ms: number;
  steps: (Step & { memory_mib: number })[];
}

async function main(): Promise<void> {
  if (values.help) return console.log(HELP);
  if (!existsSync(`${PHOTOS}/images`)) throw new Error(`no photographs: ${PHOTOS}/images`);
  const pictures = photographs(Number(values.photographs));
  const targets = values.targets.split(",");
  const result: Record<string, unknown> = {
    bench: "load",
    machine: { cpu: cpus()[0]?.model, cpus: cpus().length, load_before: loadavg()[0] },
    photographs: {
      count: pictures.length,
      mean_kB: Math.round(
        pictures.reduce((sum, { length }) => sum + length, 0) / pictures.length / 1000,
      ),
    },
    seconds,
  };
  if (targets.includes("plain")) {
    const worker = await serveWorker("test/bench/plain/worker.ts", "plain");
    result.plain = await measured("plain", worker, pictures).finally(worker.stop);
  }
  if (targets.includes("uploads")) {
    const worker = await serveWorker("worker/index.ts", "load");
    try {
      const uploads = await measured("uploads", worker, pictures);
      result.uploads = uploads;
      const model = (await (await fetch(`${worker.url}/v1/model`)).json()) as Record<
        string,
        unknown
      >;
      result.model = { model: model.model, engine: model.engine };
      const soak = Number(values.soak);
      if (soak > 0) result.soak = await soaked(worker, pictures, soak, uploads.capacity / 2);
    } finally {
      await worker.stop();
    }
  }
  const { plain, uploads } = result as { plain?: Measured; uploads?: Measured };
  if (plain && uploads) {
    result.ratio = {
      cpu: round(plain.cpu_ms / uploads.cpu_ms),
      capacity: round(uploads.capacity / plain.capacity),
    };
    console.log("plain / ours in CPU time, ours / plain in capacity:", result.ratio);
  }
  if (targets.includes("webhooks")) {
    const base = uploads?.capacity ?? 10;
    result.webhooks = await loadWebhooks(
      shares.map((share) => share * base),
      seconds,
    );
  }
  mkdirSync(dirname(values.out), { recursive: true });
  writeFileSync(values.out, `${JSON.stringify(result, null, 2)}\n`);
  console.log(values.out);
}

function photographs(count: number): Picture[] {
  const names = readdirSync(`${PHOTOS}/images`).sort();
  const step = Math.max(1, Math.floor(names.length / count));
  return names
    .filter((_, i) => i % step === 0)
    .slice(0, count)
    .map((name) => new Uint8Array(readFileSync(`${PHOTOS}/images/${name}`)));
}

async function post({ url }: ServedWorker, body: Picture) {
  const response = await fetch(`${url}/v1/tags`, { method: "POST", body });
  await response.arrayBuffer();
  return { status: response.status, retryAfter: response.headers.has("retry-after") };
}

const at = <T>(list: readonly T[], turn: number): T => list[turn % list.length] as T;

async function measured(
  name: string,
  worker: ServedWorker,
  pictures: Picture[],
): Promise<Measured> {
  for (let i = 0; i < WARM_UPS; i++) {
    const { status } = await post(worker, at(pictures, i));
    if (status !== 200) throw new Error(`${name}: ${status} where nothing is asked of it yet`);
  }
  const [start, cpu] = [performance.now(), cpuTime(worker.pid ?? 0)];
  for (let i = 0; i < SEQUENTIAL; i++) await post(worker, at(pictures, i));
  const sequential = (SEQUENTIAL * 1000) / (performance.now() - start);
  const cpu_ms = round((cpuTime(worker.pid ?? 0) - cpu) / SEQUENTIAL);
  console.log(`${name}: ${round(sequential)} a second one after another, ${cpu_ms} ms of CPU each`);
  const steps: Measured["steps"] = [];
  for (const share of shares) {
    const step = await openLoop(share * sequential, seconds, (turn) =>
      post(worker, at(pictures, turn)),
    );
    steps.push({ ...step, memory_mib: memory(worker) });
    console.log(line(name, step, memory(worker)));
  }
  const below = steps.filter((step) => !isSaturated(step)).map(({ offered }) => offered);
  return { sequential: round(sequential), capacity: Math.max(0, ...below), cpu_ms, steps };
}

/** Memory at intervals, MiB, and how much of it the second half added. */
async function soaked(worker: ServedWorker, pictures: Picture[], requests: number, rate: number) {
  const samples = [memory(worker)];
  const steps: Step[] = [];
  for (let i = 0; i < SOAK_SAMPLES; i++) {
    const each = requests / SOAK_SAMPLES;
    const send = (turn: number) => post(worker, at(pictures, turn + i * each));
    steps.push(await openLoop(rate, each / rate, send));
    samples.push(memory(worker));
  }
  const failures = steps.reduce((sum, { shed, errors }) => sum + shed + errors, 0);
  const half = samples.slice(SOAK_SAMPLES / 2);
  const growth = round((half.at(-1) ?? 0) - (half[0] ?? 0));
  console.log(`soak: ${requests} uploads, ${failures} failed, memory ${samples.join(" ")} MiB`);
  return {
    requests,
    rate: round(rate),
    failures,
    memory_mib: samples,
    growth_second_half_mib: growth,
  };
}

function memory({ pid = 0 }: ServedWorker): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Math.round(Number(/VmRSS:\s*(\d+)/.exec(status)?.[1]) / 1024);
}

function line(name: string, step: Step, mib: number): string {
  const { offered, achieved, p50, p95, p99, shed, errors } = step;
  const state = isSaturated(step) ? "saturated" : "";
  return `${name}: offered ${offered}/s, answered ${achieved}/s, p50 ${p50} p95 ${p95} p99 ${p99} ms, told to come back ${shed}, errors ${errors}, ${mib} MiB ${state}`;
}

const round = (value: number): number => Math.round(value * 100) / 100;

await main();
