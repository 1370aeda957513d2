import { beforeEach, describe, expect, it, vi } from "vitest";
import { handleBatch } from "../../../worker/jobs/queue.ts";
import { type JobsEnv, queueNames } from "../../../worker/jobs/queues.ts";
import { sweep } from "../../../worker/jobs/sweep.ts";
import { record } from "../../../worker/store/intake.ts";
import type { Job } from "../../../worker/store/row.ts";
import { steady } from "../../../worker/store/steady.ts";
import { type Call, db, type TestShop, workshop } from "../jobs/workshop.ts";
import { clear, rows } from "../routes/harness.ts";
import { chance, failing } from "./chance.ts";

const COUNT = 20;
const strapi = { kind: "strapi", base: "https://cms.example.com" };

let random: () => number;
let queue: Job[];
let files: Map<string, Record<string, unknown>>;
beforeEach(async () => {
  await clear();
  vi.spyOn(console, "error").mockReturnValue();
  random = chance(7);
  queue = [];
  files = new Map();
});

/** A Strapi of which so many calls fail, by an error, by nonsense, or by an answer that breaks off. */
function cms(rate: number) {
  return ({ method, url, body }: Call): unknown => {
    const luck = random() / rate;
    if (luck < 0.25) return new Response("busy", { status: 503 });
    if (luck < 0.5) return new Response(null, { status: 429, headers: { "retry-after": "3" } });
    if (luck < 0.75) return "<!doctype html><h1>Something went wrong</h1>";
    if (luck < 1) throw new TypeError("The connection was reset.");
    if (url.includes("/uploads/")) return `picture ${url}`;
    const id = /(\d+)$/.exec(url)?.[1] ?? "";
    if (method === "GET")
      return { id: Number(id), alternativeText: null, caption: null, ...files.get(id) };
    files.set(id, JSON.parse(/name="fileInfo"\r\n\r\n(.*)\r\n/.exec(body)?.[1] ?? "{}"));
    return [{ id: Number(id) }];
  };
}

async function begin(): Promise<void> {
  const uploads = Array.from({ length: COUNT }, (_, i) => ({
    type: "upload" as const,
    asset: String(i + 1),
    identity: "one",
    ref: { url: `/uploads/${i + 1}.jpg` },
  }));
  queue.push(...(await record(db, "shop", null, uploads, [], Date.parse("2026-03-01T12:00:00Z"))));
}

/** The queue as bad as it may be: any order, every third message twice; a throw means another delivery. */
async function drive(shop: TestShop, env: JobsEnv): Promise<void> {
  const open = async () => (await rows()).filter(({ due_at }) => due_at !== null).length;
  for (let round = 0; round < 40 && (await open()) > 0; round++) {
    for (let i = 0; i < 3 * COUNT && queue.length > 0; i++) {
      const [job] = queue.splice(Math.floor(random() * queue.length), 1);
      if (job === undefined) break;
      if (random() < 0.33) queue.push(job);
      let again = false;
      const retry = () => {
        again = true;
      };
      const messages = [{ id: "m", attempts: 1, body: job, ack: () => undefined, retry }];
      const batch = { queue: queueNames.tagging, messages } as unknown as MessageBatch;
      await handleBatch(batch, env, shop).catch(retry);
      if (again && random() < 0.5) queue.push(job); // others are lost: the sweep brings them back
    }
    shop.clock += 600_000;
    await sweep(env, shop).catch(() => undefined);
  }
}

function environment(base: D1Database): JobsEnv {
  const sendBatch = async (list: { body: Job }[]) => {
    if (random() < 0.3) throw new Error("The queue is down.");
    queue.push(...list.map(({ body }) => body));
  };
  const DEAD_LETTERS = { send: async () => undefined };
  return { DB: base, TAGGING: { sendBatch }, DEAD_LETTERS } as unknown as JobsEnv;
}

describe("every picture is tagged and written once, none lost, though", () => {
  it.each([
    ["30 % of D1's calls fail, half of them after they were executed", 0.3, 0],
    ["30 % of the CMS's calls fail, or answer nonsense", 0, 0.3],
    ["both do", 0.3, 0.3],
  ])("%s", async (_, d1, api) => {
    await begin();
    const shop = workshop(strapi, api > 0 ? cms(api) : cms(1e-9));
    const base = d1 > 0 ? steady(failing(db, d1, random)) : db;
    shop.db = base;
    await drive(shop, environment(base));
    const all = await rows();
    expect(all).toHaveLength(COUNT);
    for (const row of all)
      expect(row).toMatchObject({ status: "written", due_at: null, lease: null });
    expect(files.size).toBe(COUNT);
    for (const file of files.values()) expect(file.alternativeText).toBe("Navy floral dress");
  });
});

it("without repeating D1's calls, rows would be given up: the fault is real", async () => {
  await begin();
  const shop = workshop(strapi, cms(1e-9));
  const base = failing(db, 0.3, random);
  shop.db = base;
  await drive(shop, environment(base));
  expect((await rows()).some(({ status }) => status !== "written")).toBe(true);
});

it("a statement that is wrong is not repeated", async () => {
  let calls = 0;
  const counting = {
    prepare: () => ({
      all: async () => {
        calls++;
        throw new Error("D1_ERROR: no such table: x: SQLITE_ERROR");
      },
    }),
  };
  await expect(
    steady(counting as unknown as D1Database)
      .prepare("x")
      .all(),
  ).rejects.toThrow("no such table");
  expect(calls).toBe(1);
});
