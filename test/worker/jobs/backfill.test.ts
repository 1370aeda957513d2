import { beforeEach, describe, expect, it } from "vitest";
import { HemlineError } from "../../../worker/errors.ts";
import { PAGE, type Step } from "../../../worker/jobs/backfill.ts";
import { handleBatch } from "../../../worker/jobs/queue.ts";
import { type JobsEnv, queueNames } from "../../../worker/jobs/queues.ts";
import { sweep } from "../../../worker/jobs/sweep.ts";
import {
  type Backfill,
  cancel,
  createBackfill,
  findBackfill,
  pause,
  resume,
} from "../../../worker/store/backfills.ts";
import { restart } from "../../../worker/store/browse.ts";
import { record } from "../../../worker/store/intake.ts";
import type { Job } from "../../../worker/store/row.ts";
import { bench, clear, rows } from "../routes/harness.ts";
import { db, type TestShop, uploads, workshop } from "./workshop.ts";

const r2 = { kind: "r2", bucket: "photos", binding: "UPLOADS", write: false };

let shop: TestShop;
let env: JobsEnv;
/** Messages that wait, and how often a picture was tagged. */
let jobs: Job[];
let steps: Step[];
let tagged: string[];

beforeEach(async () => {
  await clear();
  for (const { key } of (await uploads.list()).objects) await uploads.delete(key);
  shop = workshop(r2, () => undefined);
  shop.tag = async (bytes) => {
    const text = new TextDecoder().decode(bytes);
    if (text.startsWith("poison")) throw new HemlineError("corrupt_image", "Poison.");
    tagged.push(text);
    return shop.answer;
  };
  [jobs, steps, tagged] = [[], [], []];
  env = {
    DB: db,
    EXPORTS: uploads,
    TAGGING: {
      sendBatch: async (list: { body: Job }[]) => void jobs.push(...list.map(({ body }) => body)),
    },
    BACKFILLS: { send: async (one: Step) => void steps.push(one) },
    DEAD_LETTERS: { send: async () => undefined },
  } as unknown as JobsEnv;
});

const put = (names: string[], type?: string) =>
  Promise.all(
    names.map((name) =>
      uploads.put(name, `picture ${name}`, type ? { httpMetadata: { contentType: type } } : {}),
    ),
  );
const names = (count: number) =>
  Array.from({ length: count }, (_, i) => `p/${String(i).padStart(4, "0")}.jpg`);

async function start(more: Partial<Backfill> = {}): Promise<string> {
  const order = { source: "shop", bucket: "photos", prefix: "p/", results: null, ...more };
  const { id } = await createBackfill(db, order, shop.clock);
  steps.push({ backfill: id });
  return id;
}

async function deliver(queue: string, body: unknown): Promise<void> {
  const message = { id: "m", attempts: 1, body, ack: () => undefined, retry: () => undefined };
  await handleBatch({ queue, messages: [message] } as unknown as MessageBatch, env, shop);
}

/** Delivers what waits, in the queues' order or another, until nothing does or `most` are delivered. */
async function drive({ most = 10_000, order = (list: Job[]) => list.shift() } = {}): Promise<void> {
  for (let i = 0; i < most && jobs.length + steps.length > 0; i++) {
    const job = order(jobs);
    if (job !== undefined) await deliver(queueNames.tagging, job);
    else {
      shop.clock += 10_000;
      await deliver(queueNames.backfills, steps.shift());
    }
  }
}

const state = async (id: string) => (await findBackfill(db, id)) as Backfill;

describe("a walk over a bucket", () => {
  it("tags every picture once, page by page, and says how it went", async () => {
    await put(names(PAGE + 7));
    await put(["other/1.jpg"]);
    await put(["p/notes.txt"], "text/plain");
    await uploads.put("p/empty.jpg", "");
    await uploads.put("p/bad.jpg", "poison");
    const id = await start();
    await drive();
    expect(await state(id)).toMatchObject({
      ...{ status: "done", found: PAGE + 10, skipped: 2, queued: PAGE + 8 },
      ...{ pending: 0, done: PAGE + 7, failed: 1, listing: 0, due_at: null },
    });
    expect(tagged).toHaveLength(PAGE + 7);
    expect(new Set(tagged).size).toBe(PAGE + 7);
  });

  it("finds nothing new in what it has seen, and a new version of one", async () => {
    await put(names(3));
    await start();
    await drive();
    await uploads.put("p/0001.jpg", "picture anew");
    const id = await start();
    await drive();
    expect(await state(id)).toMatchObject({ status: "done", found: 3, queued: 1, done: 1 });
    expect(tagged).toHaveLength(4);
    expect(await rows()).toHaveLength(3);
  });

  it("of an empty prefix is done at once", async () => {
    const id = await start({ prefix: "nothing/" });
    await drive();
    expect(await state(id)).toMatchObject({ status: "done", found: 0, finished_at: shop.clock });
  });

  it("tags the same bytes once, under whatever names", async () => {
    for (const name of names(5)) await uploads.put(name, "the same");
    const id = await start();
    await drive();
    expect(await state(id)).toMatchObject({ status: "done", done: 5 });
    expect(tagged).toEqual(["the same"]);
  });

  it("waits while many of its rows wait", async () => {
    await put(names(650));
    const id = await start();
    for (let i = 0; i < 20; i++) await deliver(queueNames.backfills, steps.shift());
    const { pending, listing } = await state(id);
    expect(pending).toBeGreaterThanOrEqual(500);
    expect(pending).toBeLessThanOrEqual(600);
    expect(listing).toBe(1);
  });
});

describe("whatever the queue does", () => {
  it("twice and out of order: one result each", async () => {
    await put(names(50));
    const id = await start();
    const twice = async (list: { body: Job }[]) =>
      void jobs.push(...list.map(({ body }) => body), ...list.map(({ body }) => body).reverse());
    env.TAGGING = { sendBatch: twice } as unknown as JobsEnv["TAGGING"];
    const again = async (one: Step) => void steps.push(one, one);
    env.BACKFILLS = { send: again } as unknown as JobsEnv["BACKFILLS"];
    await drive({
      order: (list) => list.splice((list.length * 7) % Math.max(list.length, 1), 1)[0],
    });
    expect(await state(id)).toMatchObject({ status: "done", found: 50, queued: 50, done: 50 });
    expect(tagged).toHaveLength(50);
    expect(await rows()).toHaveLength(50);
  });

  it("a page read by two at once counts once", async () => {
    await put(names(110));
    const id = await start();
    await Promise.all([1, 2].map(() => deliver(queueNames.backfills, { backfill: id })));
    await drive();
    expect(await state(id)).toMatchObject({ status: "done", found: 110, queued: 110, done: 110 });
  });

  it("every message lost: the sweep goes on from what D1 says", async () => {
    await put(names(110));
    const id = await start();
    await drive({ most: 30 });
    for (let i = 0; i < 20 && (await state(id)).status !== "done"; i++) {
      [jobs.length, steps.length] = [0, 0];
      shop.clock += 600_000;
      await sweep(env, shop);
      await drive({ most: 40 });
    }
    expect(await state(id)).toMatchObject({ status: "done", done: 110 });
    expect(tagged).toHaveLength(110);
  });
});

describe("a walk can be", () => {
  it("paused: no attempt begins, not by the sweep either; and resumed", async () => {
    await put(names(40));
    const id = await start();
    await drive({ most: 11 });
    await pause(db, id);
    await drive();
    shop.clock += 3600_000;
    await sweep(env, shop);
    await drive();
    expect(await state(id)).toMatchObject({ status: "paused", pending: 30, done: 10 });
    await resume(db, id, shop.clock);
    steps.push({ backfill: id });
    await drive();
    expect(await state(id)).toMatchObject({ status: "done", done: 40 });
    expect(tagged).toHaveLength(40);
  });

  it("cancelled: results stay, the rest is forgotten, and a later walk takes it up", async () => {
    await put(names(40));
    const id = await start();
    await drive({ most: 11 });
    await cancel(db, id, shop.clock);
    await drive();
    expect(await state(id)).toMatchObject({ status: "cancelled", pending: 0, done: 10 });
    expect(await rows()).toHaveLength(10);
    const later = await start();
    await drive();
    expect(await state(later)).toMatchObject({ status: "done", found: 40, queued: 30, done: 30 });
  });

  it("replayed where it failed", async () => {
    await put(names(3));
    await uploads.put("p/bad.jpg", "poison");
    const id = await start();
    await drive();
    await uploads.put("p/bad.jpg", "mended");
    const filter = { backfill: id, status: "failed", limit: 10 } as const;
    jobs.push(...(await restart(db, filter, shop.clock)));
    expect(await state(id)).toMatchObject({ status: "running", pending: 1, failed: 0 });
    await drive();
    expect(await state(id)).toMatchObject({ status: "done", done: 4, failed: 0 });
  });

  it("asked to leave its results in another bucket, in files of lines", async () => {
    await put(names(3));
    const id = await start({ results: "EXPORTS" });
    await drive();
    const file = await uploads.get(`hemline/${id}/00001.ndjson`);
    const lines = ((await file?.text()) ?? "").trim().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toMatchObject(
      names(3).map((name) => ({
        id: name,
        status: "tagged",
        tags: { category: [["dress", 0.94]] },
      })),
    );
    expect(await state(id)).toMatchObject({ exported: null, parts: 1, due_at: null });
  });
});

it("a notification of a new version takes the row over", async () => {
  await put(names(2));
  const id = await start();
  await deliver(queueNames.backfills, steps.shift());
  const upload = { type: "upload", asset: "p/0000.jpg", identity: "newer", ref: {} } as const;
  await record(db, "shop", null, [upload], [], shop.clock);
  expect(await state(id)).toMatchObject({ pending: 1 });
  await drive();
  expect(await state(id)).toMatchObject({ status: "done", done: 1 });
});

describe("over HTTP", () => {
  const SOURCES = JSON.stringify({ shop: r2 });
  const open = () => bench({ SOURCES, BACKFILLS: env.BACKFILLS, TAGGING: env.TAGGING });
  const order = (body: unknown) =>
    open().admin("/v1/backfills", { method: "POST", body: JSON.stringify(body) });

  it("begins, tells, lists, pauses, resumes, cancels", async () => {
    const response = await order({ bucket: "photos", prefix: "p/" });
    expect(response.status).toBe(202);
    const { id, ...told } = (await response.json()) as { id: string };
    expect(response.headers.get("location")).toBe(`/v1/backfills/${id}`);
    expect(told).toMatchObject({ status: "running", listing: true, found: 0, rate: null });
    expect(steps).toEqual([{ backfill: id }]);
    const ask = async (path: string, method = "GET") => {
      const answer = await open().admin(`/v1/backfills${path}`, { method });
      return (await answer.json()) as Record<string, unknown>;
    };
    expect(await ask(`/${id}/pause`, "POST")).toMatchObject({ status: "paused" });
    expect(await ask(`/${id}/resume`, "POST")).toMatchObject({ status: "running" });
    expect(await ask("")).toMatchObject({ backfills: [{ id }] });
    expect(await ask(`/${id}/cancel`, "POST")).toMatchObject({ status: "cancelled" });
    expect(await ask(`/${id}/resume`, "POST")).toMatchObject({ status: 400 });
    expect(await ask("/nobody")).toMatchObject({ code: "not_found" });
  });

  it("tells rate and what is left", async () => {
    await put(names(30));
    shop.clock = Date.now() - 100_000;
    const id = await start();
    shop.clock -= 10_000;
    await drive({ most: 21 });
    const told = await (await open().admin(`/v1/backfills/${id}`)).json();
    const { rate, seconds_left: left } = told as { rate: number; seconds_left: number };
    expect(rate).toBeGreaterThan(0.15);
    expect(rate).toBeLessThanOrEqual(0.2);
    expect(left).toBeGreaterThanOrEqual(50);
    expect(left).toBeLessThan(70);
  });

  it("needs the admin token", async () => {
    for (const path of ["/v1/backfills", "/v1/backfills/1", "/v1/backfills/1/pause"]) {
      for (const method of ["GET", "POST"]) {
        expect((await open().fetch(path, { method })).status).toBe(401);
      }
    }
  });

  it.each([
    ["nonsense", "bad_request"],
    [{}, "bad_request"],
    [{ bucket: "photos", more: 1 }, "bad_request"],
    [{ bucket: "elsewhere" }, "bad_parameter"],
    [{ bucket: "photos", results: "UPLOADS" }, "bad_parameter"],
    [{ bucket: "photos", results: "NOWHERE" }, "bad_parameter"],
    [{ bucket: "photos", results: "lower" }, "bad_request"],
  ])("refuses %j", async (body, code) => {
    const response = await order(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code });
    expect(steps).toEqual([]);
  });
});
