/** A CMS and a D1 that take their time: nothing is lost, and the others' jobs go on. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { JobsEnv } from "../../../worker/jobs/queues.ts";
import { Resting } from "../../../worker/jobs/resting.ts";
import { record } from "../../../worker/store/intake.ts";
import type { Job } from "../../../worker/store/row.ts";
import { flatJpeg } from "../../fixtures/flat-jpeg.ts";
import { senders } from "../cms/senders.ts";
import { type Call, changes, db, start, workshop } from "../jobs/workshop.ts";
import { clear, rows, shop as webhooks } from "../routes/harness.ts";
import { chance, through } from "./chance.ts";
import { Line } from "./line.ts";

const COUNT = 12;
const MINUTE = 60_000;
const slow = { kind: "strapi", base: "https://slow.example.com" };
const quick = { kind: "strapi", base: "https://quick.example.com" };
const env = { DB: db, DEAD_LETTERS: { send: async () => undefined } } as unknown as JobsEnv;

beforeEach(async () => {
  await clear();
  vi.spyOn(console, "error").mockReturnValue();
});

/** What a Strapi answers, whose files are as they were uploaded. */
function strapi({ method, url }: Call): unknown {
  const id = Number(/(\d+)(\.jpg)?$/.exec(url)?.[1]);
  if (url.includes("/uploads/")) return `picture ${url}`;
  return method === "GET" ? { id, alternativeText: null, caption: null } : [{ id }];
}

async function jobsOf(source: string): Promise<Job[]> {
  const uploads = Array.from({ length: COUNT }, (_, i) => ({
    type: "upload" as const,
    asset: String(i + 1),
    identity: "one",
    ref: { url: `/uploads/${i + 1}.jpg` },
  }));
  return record(db, source, null, uploads, [], start);
}

async function written(source: string): Promise<number> {
  const mine = (await rows()).filter((row) => row.source === source);
  return mine.filter(({ status }) => status === "written").length;
}

const timedOut = () => new DOMException("The operation was aborted.", "TimeoutError");

describe("a CMS", () => {
  it("that hangs for a quarter of an hour keeps the others waiting for a minute at most", async () => {
    const back = start + 15 * MINUTE;
    const shop = workshop(
      slow,
      (call) => {
        if (call.url.startsWith(slow.base) && shop.clock < back) {
          shop.clock += 15_000;
          throw timedOut();
        }
        return strapi(call);
      },
      { quick },
    );
    const line = new Line([...(await jobsOf("shop")), ...(await jobsOf("quick"))], start);
    await line.work(env, shop, start + MINUTE);
    expect(await written("quick")).toBe(COUNT);
    expect(await written("shop")).toBe(0);
    await line.work(env, shop, start + 180 * MINUTE);
    expect(await written("shop")).toBe(COUNT);
    // Each once: the CMS answers as if its files were untouched, so nothing else would stop a second.
    expect(changes(shop)).toHaveLength(2 * COUNT);
  });

  it("that answers after fourteen seconds is waited for, every time", async () => {
    const shop = workshop(slow, (call) => {
      shop.clock += 14_000;
      return strapi(call);
    });
    await new Line(await jobsOf("shop"), start).work(env, shop, start + 60 * MINUTE);
    expect(await written("shop")).toBe(COUNT);
    expect(await rows()).toEqual(
      Array.from({ length: COUNT }, () => expect.objectContaining({ attempts: 1, failures: 0 })),
    );
    expect(changes(shop)).toHaveLength(COUNT);
  });

  it("of which 30 % of the calls hang loses nothing", async () => {
    const random = chance(11);
    const shop = workshop(slow, (call) => {
      if (random() < 0.3) {
        shop.clock += 15_000;
        throw timedOut();
      }
      return strapi(call);
    });
    await new Line(await jobsOf("shop"), start).work(env, shop, start + 600 * MINUTE);
    expect(await written("shop")).toBe(COUNT);
  });
});

describe("D1", () => {
  it("that takes up to ten seconds a call loses nothing, and nothing is written twice", async () => {
    const random = chance(3);
    const shop = workshop(slow, strapi);
    shop.db = through(db, async (call) => {
      shop.clock += random() * 5_000;
      const answer = await call();
      shop.clock += random() * 5_000;
      return answer;
    });
    const jobs = await jobsOf("shop");
    // Every message twice, by two consumers at once.
    const lines = [new Line(jobs, start), new Line(jobs.toReversed(), start)];
    await Promise.all(lines.map((line) => line.work(env, shop, start + 600 * MINUTE)));
    expect(await written("shop")).toBe(COUNT);
    expect(changes(shop)).toHaveLength(COUNT);
  });

  it("that never answers keeps no upload waiting", async () => {
    const never = through(db, () => new Promise(() => undefined));
    const worker = webhooks(senders.strapi, { DB: never, HEMLINE_ENV: "development" });
    const webhook = worker.deliver(senders.strapi);
    const body = flatJpeg(64, 64);
    expect((await worker.fetch("/v1/tags", { method: "POST", body })).status).toBe(200);
    expect((await worker.fetch("/healthz")).status).toBe(200);
    const waiting = await Promise.race([webhook, Promise.resolve("still waiting")]);
    expect(waiting).toBe("still waiting");
  });
});

describe("a source that does not answer", () => {
  it("rests after three attempts in a row that hung, and one tries again after each rest", () => {
    const resting = new Resting();
    for (let i = 0; i < 2; i++) resting.failed("shop", 15_000, 0);
    expect(resting.has("shop", 0)).toBe(false);
    resting.failed("shop", 15_000, 0);
    expect(resting.has("shop", 29_999)).toBe(true);
    expect(resting.has("other", 29_999)).toBe(false);
    expect(resting.has("shop", 30_000)).toBe(false);
    expect(resting.has("shop", 30_001)).toBe(true);
    resting.answered("shop");
    expect(resting.has("shop", 30_002)).toBe(false);
  });

  it("does not rest for failing quickly", () => {
    const resting = new Resting();
    for (let i = 0; i < 9; i++) resting.failed("shop", i % 3 === 2 ? 50 : 15_000, 0);
    expect(resting.has("shop", 0)).toBe(false);
  });
});
