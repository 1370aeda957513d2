/**
 * `npm run bench:memory`: what tagging one large JPEG takes of an isolate's 128 MB, in one workerd per
 * picture that has tagged a small one before. Inside: WebAssembly memory and JavaScript heap after
 * the answer, nothing collected yet; memories never shrink. Outside: the process's highest resident
 * size while it worked, over what it had before.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { buildWorker, serveBuilt } from "../served/worker.ts";
import { drawDetailed } from "./detailed.ts";
import { heapUsage } from "./heap.ts";

const { values } = parseArgs({
  options: {
    megapixels: { type: "string", default: "12,48" },
    json: { type: "boolean", default: false },
  },
});
const ENTRY = "test/worker/memory/worker.ts";
const NAME = "memory";
const MB = (bytes: number) => Math.round(bytes / 1e5) / 10;

/** Resident bytes of a process (proc(5)): now, or the most since `forgetPeak`. */
function resident(pid: number, field: "VmRSS" | "VmHWM"): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024;
}

const forgetPeak = (pid: number): void => writeFileSync(`/proc/${pid}/clear_refs`, "5");

async function measure(megapixels: number, progressive: boolean) {
  const small = (await drawDetailed(0.2, false)).bytes;
  const { bytes } = await drawDetailed(megapixels, progressive);
  const worker = await serveBuilt(ENTRY, NAME, { inspect: true });
  try {
    const { pid, inspector } = worker;
    if (pid === undefined || !inspector) throw new Error("this needs Linux's /proc");
    const post = async (body: Uint8Array<ArrayBuffer>) => {
      const answer = await fetch(`${worker.url}/v1/tags`, { method: "POST", body });
      if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
      await answer.arrayBuffer();
      return Number(answer.headers.get("x-wasm-bytes"));
    };
    await post(small);
    const [wasmBefore, rssBefore] = [await post(small), resident(pid, "VmRSS")];
    const before = await heapUsage(inspector);
    forgetPeak(pid);
    const wasm = await post(bytes);
    const after = await heapUsage(inspector);
    const buffers = (usage: typeof after, inWasm: number) =>
      Math.max(0, (usage.backingStorageSize ?? inWasm) - inWasm);
    const heap = after.usedSize + buffers(after, wasm);
    return {
      picture: `${megapixels} MP ${progressive ? "progressive" : "baseline"}`,
      "file MB": MB(bytes.length),
      "WASM before": MB(wasmBefore),
      "WASM after": MB(wasm),
      "heap before": MB(before.usedSize + buffers(before, wasmBefore)),
      "heap after": MB(heap),
      "inside in all": MB(wasm + heap),
      "process before": MB(rssBefore),
      "process grew": MB(resident(pid, "VmHWM") - rssBefore),
    };
  } finally {
    await worker.stop();
  }
}

await buildWorker(ENTRY, NAME);
const rows = [];
for (const megapixels of values.megapixels.split(",").map(Number)) {
  for (const progressive of [false, true]) rows.push(await measure(megapixels, progressive));
}
console.table(rows);
if (values.json) console.log(JSON.stringify({ bench: "memory", rows }));
