/**
 * `npm run bench:parts`: what of a warm request costs what. One workerd answers paths of which each
 * does a little more than the one before (`worker.ts`), in turns; a part is the difference.
 */

import { createHash } from "node:crypto";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { serveWorker } from "../../served/worker.ts";
import { cpuTime } from "../cpu.ts";
import { readPhotographs, resized } from "../pictures.ts";

const HELP = `npm run bench:parts -- [options]

Per request: wall time, of the fastest tenth, which other processes disturb least, and CPU time of the
process, which takes in compiler and collector, and is counted in ticks too coarse for small parts.

  --megapixels N  of the photographs (0.06)
  --rounds N      the paths take turns so many times (10)
  --requests N    of each path in a round (60)
  --warmups N     of each path before anything counts (200)
  --help`;

/** Each path goes a step further than the one that it is measured against. */
const PARTS = [
  { part: "HTTP and a body", path: "/nothing" },
  { part: "Hono", path: "/hono", less: "/nothing" },
  { part: "request id, headers", path: "/guarded", less: "/hono" },
  { part: "log line", path: "/observed", less: "/guarded" },
  { part: "a key", path: "/full/key", less: "/observed" },
  { part: "query", path: "/full/query", less: "/observed" },
  { part: "reading the body, sniffing", path: "/full/sniff", less: "/full/query" },
  { part: "SHA-256 for the cache", path: "/full/digest", less: "/full/sniff" },
  { part: "decode, prepare", path: "/full/decode", less: "/full/sniff" },
  { part: "trunk", path: "/full/trunk", less: "/full/decode" },
  { part: "behind the trunk", path: "/full/network", less: "/full/trunk" },
  { part: "colours", path: "/full/colours", less: "/full/network" },
  { part: "words, JSON", path: "/v1/tags", less: "/full/colours" },
  { part: "Miniflare's own Worker", path: "/v1/tags", less: "/v1/tags", through: true },
];

const { values } = parseArgs({
  options: {
    megapixels: { type: "string", default: "0.06" },
    rounds: { type: "string", default: "10" },
    requests: { type: "string", default: "60" },
    warmups: { type: "string", default: "200" },
    help: { type: "boolean", default: false },
  },
});

const KEY = "a-key-for-the-bench";

async function main(): Promise<void> {
  if (values.help) return console.log(HELP);
  const bodies: Uint8Array<ArrayBuffer>[] = [];
  for (const photograph of await readPhotographs(8)) {
    bodies.push((await resized(photograph, Number(values.megapixels))).bytes);
  }
  const keys = JSON.stringify({ bench: createHash("sha256").update(KEY).digest("hex") });
  const bindings = { HEMLINE_ENV: "development", HEMLINE_API_KEYS: keys };
  const worker = await serveWorker("test/bench/parts/worker.ts", "parts", { bindings });
  const { pid } = worker;
  if (pid === undefined) throw new Error("workerd's CPU time cannot be read here: no /proc");
  const headers = { authorization: `Bearer ${KEY}` };
  const send = async (url: string, turn: number): Promise<number> => {
    const body = bodies[turn % bodies.length] as Uint8Array<ArrayBuffer>;
    const start = performance.now();
    const response = await fetch(url, { method: "POST", body, headers });
    const text = await response.text();
    if (!response.ok) throw new Error(`${url}: ${response.status} ${text}`);
    return performance.now() - start;
  };
  const slices = PARTS.map(({ part, path, less, through }) => {
    const url = `${through ? worker.url : worker.direct}${path}`;
    return {
      part,
      path: through ? "" : path,
      less,
      url,
      wall: [] as number[],
      cpu: [] as number[],
    };
  });
  try {
    for (const { url } of slices) {
      for (let i = 0; i < Number(values.warmups); i++) await send(url, i);
    }
    const requests = Number(values.requests);
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const slice of slices) {
        const before = cpuTime(pid);
        for (let i = 0; i < requests; i++) slice.wall.push(await send(slice.url, i));
        slice.cpu.push((cpuTime(pid) - before) / requests);
      }
    }
  } finally {
    await worker.stop();
  }
  const middle = new Map(
    slices.map(({ path, wall, cpu }) => [path, { wall: fast(wall), cpu: mean(cpu) }]),
  );
  console.table(
    slices.map(({ part, less, wall, cpu }) => {
      const before = middle.get(less ?? "-") ?? { wall: 0, cpu: 0 };
      const [whole, all] = [fast(wall), mean(cpu)];
      return {
        part,
        wall_ms: tidy(whole - before.wall),
        cpu_ms: tidy(all - before.cpu),
        wall_ms_so_far: tidy(whole),
        cpu_ms_so_far: tidy(all),
      };
    }),
  );
}

const fast = (list: readonly number[]): number =>
  [...list].sort((a, b) => a - b)[Math.floor(list.length / 10)] ?? Number.NaN;
/** Not the median: ticks are too coarse for a round's own value to mean much. */
const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
const tidy = (value: number): number => Math.round(value * 100) / 100;

await main();
