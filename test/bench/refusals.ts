/** `npm run bench:refusals`: CPU time until a hostile file is refused, sniffing and limits alone. */
import { parseArgs } from "node:util";
import { HemlineError } from "../../worker/errors.ts";
import { decode } from "../../worker/image/decode.ts";
import { sniff } from "../../worker/image/sniff.ts";
import { HOSTILE } from "../fixtures/hostile.ts";
import { median } from "./cpu.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "15" },
    json: { type: "boolean", default: false },
  },
});
/** The first files meet code that is not compiled yet: they are the cold ones. */
const EACH = 20;
const BUDGET_MS = 5;

async function refuse(bytes: Uint8Array): Promise<string> {
  try {
    await decode(bytes, sniff(bytes));
  } catch (error) {
    if (error instanceof HemlineError) return error.code;
    throw error;
  }
  throw new Error("not refused");
}

/** CPU time of the process for one refusal, in ms. */
async function cpu(bytes: Uint8Array, times: number): Promise<number> {
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) await refuse(bytes);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / times;
}

const cold = new Map<string, number>();
for (const { name, bytes } of HOSTILE) cold.set(name, await cpu(bytes, 1));
const warm = new Map<string, number[]>(HOSTILE.map(({ name }) => [name, []]));
for (let i = 0; i < Number(values.rounds); i++) {
  for (const { name, bytes } of HOSTILE) warm.get(name)?.push(await cpu(bytes, EACH));
}
const round = (ms = Number.NaN) => Math.round(ms * 1000) / 1000;
const rows = HOSTILE.map(({ name, bytes, code }) => ({
  name,
  bytes: bytes.length,
  code,
  "first ms": round(cold.get(name)),
  "median ms": round(median(warm.get(name) ?? [])),
}));
console.table(rows);
const worst = Math.max(...rows.map((row) => row["median ms"]));
console.log(`worst median ${worst} ms of CPU; the budget is ${BUDGET_MS}`);
if (values.json) console.log(JSON.stringify({ bench: "refusals", rows }));
if (worst > BUDGET_MS) process.exitCode = 1;
