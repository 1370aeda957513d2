/** `wrangler check startup`: V8's profile of the Worker's start-up, as it would be deployed. */
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";
import { z } from "zod";
import { ROOT } from "./worker.ts";

const FILE = `${ROOT}/.cache/startup/budgets.cpuprofile`;
const SHOWN = 6;

/** What is read of a .cpuprofile: times are in microseconds. */
const Profile = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({
        functionName: z.string(),
        url: z.string(),
        lineNumber: z.number(),
      }),
    }),
  ),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});

export interface StartUp {
  /** Time in which something ran. */
  ms: number;
  /** What ran longest itself, heaviest first, each with its ms. */
  heaviest: string[];
}

/** Builds and profiles once. */
export async function profileStartUp(): Promise<StartUp> {
  mkdirSync(`${ROOT}/.cache/startup`, { recursive: true });
  const wrangler = `${ROOT}/node_modules/wrangler/bin/wrangler.js`;
  const env = { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "true" };
  const args = [wrangler, "check", "startup", "--outfile", FILE];
  await promisify(execFile)(process.execPath, args, { cwd: ROOT, env });
  return summary(Profile.parse(JSON.parse(readFileSync(FILE, "utf8"))));
}

function summary({ nodes, samples, timeDeltas }: z.infer<typeof Profile>): StartUp {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const spent = new Map<string, number>();
  for (const [i, id] of samples.entries()) {
    const name = names.get(id) ?? "";
    spent.set(name, (spent.get(name) ?? 0) + (timeDeltas[i] ?? 0) / 1000);
  }
  spent.delete("(idle)");
  const heaviest = [...spent].sort(([, a], [, b]) => b - a).slice(0, SHOWN);
  return {
    ms: [...spent.values()].reduce((sum, ms) => sum + ms, 0),
    heaviest: heaviest.map(([name, ms]) => `${name} ${ms.toFixed(0)} ms`),
  };
}

/** V8's own entries stand in brackets; all else is told by its place in the built file. */
function nameOf({ functionName, url, lineNumber }: StartUpFrame): string {
  if (functionName.startsWith("(")) return functionName;
  return `${functionName || "(anonymous)"} ${url.split("/").at(-1)}:${lineNumber + 1}`;
}

type StartUpFrame = z.infer<typeof Profile>["nodes"][number]["callFrame"];
