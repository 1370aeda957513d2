/** workerd is killed in the middle of a backfill; every picture is tagged once all the same. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, it } from "vitest";
import { adminToken, migrate } from "../../build/setup/local.mjs";
import { freePort } from "../../build/setup/port.mjs";
import { ours } from "../../build/setup/processes.mjs";
import { serve } from "../../build/setup/server.mjs";
import { drawn, fillBucket, poison } from "./pictures.ts";

/** How many pictures; fewer on a machine in a hurry. */
const COUNT = Number(process.env.HEMLINE_FAULTS_PICTURES ?? 500);
const PATIENCE = 1_500_000;

const state = mkdtempSync(`${tmpdir()}/hemline-faults-`);
const token = adminToken();
const vars = {
  HEMLINE_ADMIN_TOKEN: token,
  SOURCES: JSON.stringify({
    photos: { kind: "r2", bucket: "photos", binding: "UPLOADS", write: false },
  }),
};
let server: Awaited<ReturnType<typeof start>>;
afterAll(async () => {
  await server?.stop();
  rmSync(state, { recursive: true, force: true });
});

async function start() {
  const one = serve(await freePort(24_000), { vars, state });
  await one.ready;
  return one;
}

interface Progress {
  id: string;
  status: string;
  [count: string]: unknown;
}
interface Row {
  id: string;
  status: string;
  reason?: string;
  attempts: number;
  tags?: { category: [string, number][] };
}

async function ask<T>(path: string, init: RequestInit = {}): Promise<T> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${server.url}${path}`, { ...init, headers });
  expect(response.ok, `${path}: ${response.status}`).toBe(true);
  return (await response.json()) as T;
}

/** Waits until the walk says so, sweeping as cron would. */
async function until(id: string, done: (state: Progress) => boolean): Promise<Progress> {
  let last: Progress | undefined;
  for (const began = Date.now(); Date.now() - began < PATIENCE; await sleep(1000)) {
    if (Math.floor((Date.now() - began) / 1000) % 15 === 0) {
      await fetch(`${server.url}/cdn-cgi/local/scheduled`);
    }
    last = await ask<Progress>(`/v1/backfills/${id}`);
    if (done(last)) return last;
  }
  throw new Error(`not within ${PATIENCE / 1000} s: ${JSON.stringify(last)}`);
}

async function allRows(id: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const more: string = cursor === "" ? "" : `&cursor=${cursor}`;
    const page: { assets: Row[]; cursor: string | null } = await ask(
      `/v1/assets?limit=200&backfill=${id}${more}`,
    );
    rows.push(...page.assets);
    cursor = page.cursor;
  }
  return rows;
}

it(`a backfill of ${COUNT} pictures, and three that are poison, outlives SIGKILL`, async () => {
  const objects = new Map<string, Buffer>();
  for (let i = 0; i < COUNT; i++)
    objects.set(`p/${String(i).padStart(4, "0")}.jpg`, await drawn(i));
  // In the middle of the list, so that what follows them shows whether they do harm.
  for (const [i, bytes] of (await poison()).entries())
    objects.set(`p/0${i + 1}00-poison.jpg`, bytes);
  await migrate(state);
  await fillBucket(state, objects);
  server = await start();
  const order = { method: "POST", body: JSON.stringify({ bucket: "photos", prefix: "p/" }) };
  const { id } = await ask<Progress>("/v1/backfills", order);

  const before = await until(id, ({ done }) => Number(done) >= COUNT * 0.3);
  for (const process_ of ours(server.group)) process.kill(process_, "SIGKILL");
  await server.ended;
  expect(await fetch(`${server.url}/healthz`).catch(() => "dead")).toBe("dead");
  server = await start();
  const after = await ask<Progress>(`/v1/backfills/${id}`);
  // What was answered is still there, and there was work left to lose.
  expect(Number(after.done)).toBeGreaterThanOrEqual(Number(before.done));
  expect(Number(after.done)).toBeLessThan(COUNT);

  const end = await until(id, ({ status }) => status === "done");
  expect(end).toMatchObject({ found: COUNT + 3, known: 0, pending: 0, done: COUNT, failed: 3 });
  const rows = await allRows(id);
  expect(new Set(rows.map((row) => row.id)).size).toBe(COUNT + 3);
  const tagged = rows.filter(({ status }) => status === "tagged");
  expect(tagged).toHaveLength(COUNT);
  expect(tagged.every(({ tags }) => (tags?.category.length ?? 0) > 0)).toBe(true);
  const failed = rows.filter(({ status }) => status === "failed");
  expect(failed.map(({ reason }) => reason).sort()).toEqual([
    "corrupt_image",
    "too_many_pixels",
    "unsupported_type",
  ]);
  // Only what was in the making when the Worker died was begun twice.
  const twice = tagged.filter(({ attempts }) => attempts > 1).length;
  console.log(`killed at ${before.done} of ${COUNT}; begun twice: ${twice}`);
  expect(twice).toBeLessThanOrEqual(12);
});
