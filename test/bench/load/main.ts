/**
 * `npm run bench:load`: real photographs in an open loop at rising rates until saturation and beyond, from a
 * process of its own: on uploads, on the same with the plain pipeline, and on webhooks; and a soak.
 */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { PHOTOS } from "../../photos.ts";
import { ROOT, serveWorker } from "../../served/worker.ts";
import { type Capacity, capacityOf } from "./capacity.ts";
import { round } from "./open-loop.ts";
import { type Bytes, enlarged, meanKilobytes, mixed, stored } from "./photographs.ts";
import { type Soak, soak } from "./soak.ts";
import { loadWebhooks } from "./webhooks.ts";

const HELP = `npm run bench:load -- [options]

  --targets LIST     of uploads, plain, webhooks, soak (all four)
  --seconds N        each rate is held so long (20)
  --shares LIST      rates as shares of what one request after another gives (0.25,0.5,0.75,0.9,1.1,1.5,3,6)
  --megapixels N     photographs enlarged to that, for uploads and plain; 0 as they are stored (0)
  --photographs N    different photographs (64)
  --soak N           uploads of the soak: all stored photographs in turn, a 1.3 MP one after each nine (20000)
  --out FILE         the result as JSON (.cache/bench/load.json)
  --help

Then \`.venv/bin/python test/bench/load/figure.py FIGURE FILE...\` draws one result or several.
Photographs: HEMLINE_PHOTOS, else ../shared/data/clothing. CPU time and memory need Linux (/proc).`;

const { values } = parseArgs({
  options: {
    targets: { type: "string", default: "uploads,plain,webhooks,soak" },
    seconds: { type: "string", default: "20" },
    shares: { type: "string", default: "0.25,0.5,0.75,0.9,1.1,1.5,3,6" },
    megapixels: { type: "string", default: "0" },
    photographs: { type: "string", default: "64" },
    soak: { type: "string", default: "20000" },
    out: { type: "string", default: `${ROOT}/.cache/bench/load.json` },
    help: { type: "boolean", default: false },
  },
});
const seconds = Number(values.seconds);
const shares = values.shares.split(",").map(Number);
const megapixels = Number(values.megapixels);
const targets = values.targets.split(",");

async function main(): Promise<void> {
  if (values.help) return console.log(HELP);
  if (!existsSync(`${PHOTOS}/images`)) throw new Error(`no photographs: ${PHOTOS}/images`);
  const result: Record<string, unknown> = {
    bench: "load",
    machine: { cpu: cpus()[0]?.model, cpus: cpus().length, load_before: loadavg()[0] },
    seconds,
  };
  if (targets.includes("uploads") || targets.includes("plain")) await uploads(result);
  if (targets.includes("soak")) result.soak = await soaked(Number(values.soak));
  if (targets.includes("webhooks")) result.webhooks = await loadWebhooks(shares, seconds);
  mkdirSync(dirname(values.out), { recursive: true });
  writeFileSync(values.out, `${JSON.stringify(result, null, 2)}\n`);
  console.log(values.out);
}

async function uploads(result: Record<string, unknown>): Promise<void> {
  const count = Number(values.photographs);
  const pictures = megapixels > 0 ? await enlarged(count, megapixels) : stored(count);
  const size = megapixels > 0 ? { megapixels } : {};
  result.photographs = { count: pictures.length, ...size, mean_kB: meanKilobytes(pictures) };
  const plain = targets.includes("plain")
    ? await measured("plain", "test/bench/plain/worker.ts", pictures)
    : undefined;
  const ours = targets.includes("uploads")
    ? await measured("uploads", "worker/index.ts", pictures)
    : undefined;
  Object.assign(result, plain && { plain }, ours && { uploads: ours });
  if (plain === undefined || ours === undefined) return;
  const capacity = round(ours.capacity / plain.capacity);
  result.ratio = { cpu: round(plain.cpu_ms / ours.cpu_ms), capacity };
  console.log("plain / ours in CPU time, ours / plain in capacity:", result.ratio);
}

async function measured(name: string, entry: string, pictures: Bytes[]): Promise<Capacity> {
  const worker = await serveWorker(entry, `load-${name}`);
  return capacityOf(name, worker, pictures, shares, seconds).finally(worker.stop);
}

async function soaked(count: number) {
  const pictures = mixed(await enlarged(16, 1.3));
  const soakOf = async (entry: string, name: string, idle?: number): Promise<Soak> => {
    const worker = await serveWorker(entry, `load-${name}`, { inspect: true });
    return soak(worker, pictures, count, idle).finally(worker.stop);
  };
  console.log("first as many uploads to a Worker that does nothing");
  const idle = await soakOf("test/bench/load/idle.ts", "idle");
  const ours = await soakOf("worker/index.ts", "soak", idle.growth_second_half_mib.rss);
  if (!ours.flat || ours.failures > 0) process.exitCode = 1;
  return { ...ours, idle };
}

await main();
