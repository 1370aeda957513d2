import { setTimeout as sleep } from "node:timers/promises";
import { Plain, say } from "../setup/say.mjs";
import { type Command, command } from "./command.ts";
import { settings } from "./settings.ts";

/** A walk over a bucket, as `GET /v1/backfills/:id` shows it. */
interface Backfill {
  id: string;
  bucket: string;
  prefix: string;
  status: "running" | "paused" | "cancelled" | "done";
  listing: boolean;
  found: number;
  skipped: number;
  known: number;
  pending: number;
  done: number;
  failed: number;
  rate: number | null;
  seconds_left: number | null;
  failures: string;
}

const url = { type: "string", default: "http://127.0.0.1:8787" } as const;

export const backfill = command(
  {
    usage:
      "  hemline backfill --bucket photos [--prefix 2026/] [--results BINDING] [--detach] [--url http://127.0.0.1:8787]",
    help: [
      "Tags every picture of an R2 bucket in the background and shows how far it is. Ctrl-C ends the",
      "showing, not the work. Wants HEMLINE_ADMIN_TOKEN in the environment or in .dev.vars.",
      "--results names the R2 binding of another bucket that gets the tags as NDJSON.",
    ].join("\n"),
    options: {
      bucket: { type: "string" },
      prefix: { type: "string", default: "" },
      results: { type: "string" },
      detach: { type: "boolean", default: false },
      url,
    },
  },
  (positionals, { bucket, prefix, results, detach, url: worker }) =>
    positionals.length === 0 &&
    bucket !== undefined &&
    begin(worker, { bucket, prefix, results: results ?? null }, detach),
);

export const backfillList = command(
  { usage: "  hemline backfill:list [--url …]", options: { url } },
  (positionals, { url: worker }) => positionals.length === 0 && list(worker),
);

export const backfillShow = command(
  { usage: "  hemline backfill:show <id> [--url …]", options: { url } },
  ([id], { url: worker }) => id !== undefined && follow(worker, id),
);

export const backfillPause = acting("pause");
export const backfillResume = acting("resume");
export const backfillCancel = acting("cancel");

function acting(action: string): Command {
  return command(
    { usage: `  hemline backfill:${action} <id> [--url …]`, options: { url } },
    ([id], { url: worker }) => id !== undefined && act(worker, id, action),
  );
}

async function begin(worker: string, order: object, detach: boolean): Promise<void> {
  const { id } = await call<Backfill>(worker, "", { method: "POST", body: JSON.stringify(order) });
  say(`backfill ${id} has begun.`);
  if (!detach) await follow(worker, id);
}

async function list(worker: string): Promise<void> {
  const { backfills } = await call<{ backfills: Backfill[] }>(worker, "");
  console.table(
    backfills.map(({ id, bucket, prefix, status, done, failed, pending }) => ({
      ...{ id, bucket, prefix, status, done, failed, pending },
    })),
  );
}

async function act(worker: string, id: string, action: string): Promise<void> {
  const path = `/${encodeURIComponent(id)}/${action}`;
  console.log(line(await call<Backfill>(worker, path, { method: "POST" })));
}

/** Shows a walk until it rests: on one line at a terminal, else a line whenever it has moved. */
async function follow(worker: string, id: string): Promise<void> {
  const terminal = process.stdout.isTTY;
  for (let last = ""; ; await sleep(2000)) {
    const state = await call<Backfill>(worker, `/${encodeURIComponent(id)}`);
    const text = line(state);
    if (text !== last) process.stdout.write(terminal ? `\r\u001b[K${text}` : `${text}\n`);
    last = text;
    if (state.status === "running") continue;
    if (terminal) process.stdout.write("\n");
    if (state.failed > 0) say(`why pictures failed: GET ${state.failures}`);
    if (state.status === "done" && state.failed > 0) process.exitCode = 1;
    return;
  }
}

function line({ status, listing, found, known, skipped, ...state }: Backfill): string {
  const { done, failed, pending, rate, seconds_left: left } = state;
  const parts = [
    `${status}: ${done} tagged, ${failed} failed, ${pending} waiting`,
    `${found} objects${listing ? " so far" : ""} (${known} known, ${skipped} skipped)`,
  ];
  if (rate !== null) parts.push(`${rate} a second`);
  if (left !== null) parts.push(`${Math.ceil(left / 60)} min left`);
  return parts.join("; ");
}

async function call<T>(worker: string, path: string, init: RequestInit = {}): Promise<T> {
  const token = settings().HEMLINE_ADMIN_TOKEN;
  if (!token) throw new Plain("HEMLINE_ADMIN_TOKEN is not set, neither here nor in .dev.vars.");
  const address = `${worker.replace(/\/$/, "")}/v1/backfills${path}`;
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const response = await fetch(address, { ...init, headers }).catch((error: Error) => {
    throw new Plain(`${address} does not answer: ${error.message}`);
  });
  const text = await response.text();
  if (!response.ok) throw new Plain(text);
  return JSON.parse(text) as T;
}
