/** One `wrangler dev` in a process group of its own, recorded so that the next start can reap it. */
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { BIN, CACHE, environment, ROOT } from "./paths.mjs";
import { endGroup, isAlive, ours } from "./processes.mjs";
import { Plain, say } from "./say.mjs";

const RECORDS = `${CACHE}/start.json`;
const PATIENCE = 180_000;

/** Ends what killed starts left behind; what a living start serves stays. */
export async function reap() {
  for (const record of read()) {
    if (isAlive(record.launcher)) continue;
    if (ours(record.group).length > 0) {
      say("ending the server that a killed start left behind …");
      await endGroup(record.group);
    }
    write(read().filter(({ group }) => group !== record.group));
  }
}

/**
 * Starts the Worker, with more variables or another folder for local data where given. `ready`
 * resolves when it answers, `ended` when it has stopped; `stop()` ends its whole group, at any time.
 *
 * @param {number} port
 * @param {{ vars?: Record<string, string>, state?: string }} [options]
 */
export function serve(port, { vars = {}, state } = {}) {
  const more = Object.entries(vars).flatMap(([name, value]) => ["--var", `${name}:${value}`]);
  if (state !== undefined) more.push("--persist-to", state);
  const child = spawn(
    `${BIN}/node`,
    [
      `${ROOT}/node_modules/wrangler/bin/wrangler.js`,
      ...["dev", "--ip", "127.0.0.1", "--port", String(port), "--inspector-port", "0"],
      ...["--var", "HEMLINE_ENV:development", "--show-interactive-dev-session=false"],
      ...more,
    ],
    // A group of its own: Ctrl-C reaches only this process, which then ends all of it in order.
    { cwd: ROOT, env: environment(), detached: true, stdio: ["ignore", "pipe", "pipe"] },
  );
  const group = child.pid;
  write([...read(), { launcher: process.pid, group }]);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const url = `http://127.0.0.1:${port}`;
  return { url, group, ended, ready: ready(child, url, ended), stop };

  async function stop() {
    await endGroup(group);
    write(read().filter((record) => record.group !== group));
  }
}

/** Its output is shown from then on; before, only where it fails. */
async function ready(child, url, ended) {
  let log = "";
  const keep = (chunk) => {
    log += chunk;
  };
  const streams = [child.stdout, child.stderr];
  for (const stream of streams) stream.on("data", keep);
  try {
    await answering(url, ended);
  } catch (error) {
    throw new Plain(`${error.message}\n${log}`);
  }
  for (const stream of streams) stream.off("data", keep).pipe(process.stderr);
}

async function answering(url, ended) {
  let over = false;
  ended.then(() => {
    over = true;
  });
  for (const start = Date.now(); Date.now() - start < PATIENCE; await sleep(100)) {
    if (over) throw new Error("wrangler dev ended at once:");
    const response = await fetch(`${url}/healthz`).catch(() => undefined);
    if (response?.ok) return;
  }
  throw new Error(`the Worker did not answer within ${PATIENCE / 1000} s:`);
}

function read() {
  try {
    return JSON.parse(readFileSync(RECORDS, "utf8"));
  } catch {
    return [];
  }
}

function write(records) {
  mkdirSync(CACHE, { recursive: true });
  if (records.length === 0) rmSync(RECORDS, { force: true });
  else writeFileSync(RECORDS, JSON.stringify(records));
}
