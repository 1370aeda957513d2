/** What must not creep up: the Worker's size, its start-up, a request's CPU time, its memory. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { cpuTime } from "../bench/cpu.ts";
import budgets from "./budgets.json" with { type: "json" };
import { referenceLoop } from "./reference.ts";
import { buildWorker, ROOT, type ServedWorker, serveBuilt } from "./worker.ts";

const ENTRY = "worker/index.ts";
const FOLDER = `${ROOT}/.cache/served/budgets`;
const MIB = 2 ** 20;
const picture = readFileSync(`${ROOT}/test/fixtures/pictures/tee.jpg`);

beforeAll(() => buildWorker(ENTRY, "budgets"));

/** Fails with the numbers. */
function within(name: keyof typeof budgets, value: number): void {
  const budget = budgets[name] as { limit: number } | { recorded: number; margin: number };
  const most = "limit" in budget ? budget.limit : budget.recorded * budget.margin;
  const text = `${name}: ${value.toFixed(2)}, at most ${most.toFixed(2)}`;
  console.log(text);
  expect(value, `${text} (test/served/budgets.json)`).toBeLessThanOrEqual(most);
}

it("the Worker's size", () => {
  const files = readdirSync(FOLDER).filter((name) => /\.(js|wasm|bin)$/.test(name));
  const sizes = files.map((name) => statSync(`${FOLDER}/${name}`).size);
  expect(sizes.length).toBeGreaterThan(3);
  within("worker_mib", sizes.reduce((sum, size) => sum + size, 0) / MIB);
});

it("its start-up, as wrangler profiles it", async () => {
  const file = `${ROOT}/.cache/startup/budgets.cpuprofile`;
  mkdirSync(`${ROOT}/.cache/startup`, { recursive: true });
  const before = referenceLoop().wall;
  const wrangler = `${ROOT}/node_modules/wrangler/bin/wrangler.js`;
  const env = { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "true" };
  const args = [wrangler, "check", "startup", "--outfile", file];
  await promisify(execFile)(process.execPath, args, { cwd: ROOT, env });
  const profile = JSON.parse(readFileSync(file, "utf8")) as {
    nodes: { id: number; callFrame: { functionName: string } }[];
    samples: number[];
    timeDeltas: number[];
  };
  const idle = new Set(
    profile.nodes.filter((node) => node.callFrame.functionName === "(idle)").map(({ id }) => id),
  );
  const active = profile.samples.reduce(
    (sum, id, i) => sum + (idle.has(id) ? 0 : (profile.timeDeltas[i] ?? 0) / 1000),
    0,
  );
  within("startup_profile", active / Math.max(before, referenceLoop().wall));
});

// Other processes' CPU time and memory are read where Linux shows them.
describe.runIf(existsSync("/proc/self/stat"))("one workerd", () => {
  const serve = () => serveBuilt(ENTRY, "budgets");
  const cpuOf = ({ pid = 0 }: ServedWorker) => cpuTime(pid);
  const memoryOf = ({ pid = 0 }: ServedWorker) =>
    Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;

  it("CPU time to its first answer", async () => {
    const spent: number[] = [];
    const before = referenceLoop().cpu;
    for (let i = 0; i < 3; i++) {
      const worker = await serve();
      try {
        expect((await fetch(`${worker.url}/healthz`)).ok).toBe(true);
        spent.push(cpuOf(worker));
      } finally {
        await worker.stop();
      }
    }
    within("startup_cpu", Math.min(...spent) / Math.max(before, referenceLoop().cpu));
  });

  it("CPU time of a request, and memory after many", async () => {
    const worker = await serve();
    try {
      const send = async (count: number) => {
        for (let i = 0; i < count; i++) {
          const response = await fetch(`${worker.url}/v1/tags`, { method: "POST", body: picture });
          expect(response.status).toBe(200);
          await response.arrayBuffer();
        }
      };
      await send(60); // WASM starts unoptimised
      const settled = memoryOf(worker);
      const each: number[] = [];
      for (let round = 0; round < 3; round++) {
        const reference = referenceLoop().cpu;
        const before = cpuOf(worker);
        await send(40);
        each.push((cpuOf(worker) - before) / 40 / Math.max(reference, referenceLoop().cpu));
      }
      within("request_cpu", Math.min(...each));
      within("soak_growth_mib", memoryOf(worker) - settled);
    } finally {
      await worker.stop();
    }
  });
});
