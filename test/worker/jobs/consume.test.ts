import { beforeEach, describe, expect, it } from "vitest";
import { BODY_BYTES, Share } from "../../../worker/bodies.ts";
import { HemlineError } from "../../../worker/errors.ts";
import { consume, maxFailures, waitFor } from "../../../worker/jobs/consume.ts";
import { find, restartOne } from "../../../worker/store/browse.ts";
import { record } from "../../../worker/store/intake.ts";
import type { Job } from "../../../worker/store/row.ts";
import { claim, leaseTime } from "../../../worker/store/work.ts";
import { clear } from "../routes/harness.ts";
import { changes, db, skirt, start, type TestShop, workshop } from "./workshop.ts";

const strapi = { kind: "strapi", base: "https://cms.example.com" };
const job: Job = { source: "shop", asset: "1", generation: 1 };

/** A Strapi with one file; a test may change it. */
let file: { alternativeText: string | null; caption: string | null };
let picture: string | Response;
let refusal: Response | undefined;

function strapiShop(source: Record<string, unknown> = strapi): TestShop {
  return workshop(source, ({ method, url, body }) => {
    if (url === "https://cms.example.com/uploads/a.jpg") return picture;
    if (refusal !== undefined) return refusal.clone();
    if (method === "GET") return { id: 1, ...file };
    Object.assign(file, JSON.parse(/name="fileInfo"\r\n\r\n(.*)\r\n/.exec(body)?.[1] ?? "{}"));
    return [{ id: 1 }];
  });
}

const row = async () => (await find(db, "shop", "1")) ?? undefined;

beforeEach(async () => {
  await clear();
  file = { alternativeText: null, caption: null };
  picture = "picture one";
  refusal = undefined;
  const upload = {
    type: "upload",
    asset: "1",
    identity: "one",
    ref: { url: "/uploads/a.jpg" },
  } as const;
  await record(db, "shop", null, [upload], [], start);
});

it("fetches, tags, stores and writes back; a second message for it does nothing", async () => {
  const shop = strapiShop();
  expect(await consume(job, shop)).toEqual({ type: "done" });
  expect(file).toEqual({
    alternativeText: "Navy floral dress",
    caption: "hemline: dress, floral, navy",
  });
  expect(await row()).toMatchObject({
    status: "written",
    attempts: 1,
    model: "hemline-1",
    due_at: null,
    lease: null,
  });

  const calls = shop.calls.length;
  expect(await consume(job, shop)).toEqual({ type: "done" });
  expect(shop.calls).toHaveLength(calls);
});

it("sends the token to the CMS's API, not to the picture's address", async () => {
  const shop = strapiShop();
  await consume(job, shop);
  expect(shop.calls[0]?.headers.get("authorization")).toBeNull();
  expect(shop.calls.slice(1).map(({ headers }) => headers.get("authorization"))).toEqual([
    "Bearer token",
    "Bearer token",
  ]);
});

it("ends at tagged where nothing is to be written", async () => {
  const shop = strapiShop({ ...strapi, write: false });
  await consume(job, shop);
  expect(await row()).toMatchObject({ status: "tagged", due_at: null, lease: null });
  expect(changes(shop)).toEqual([]);
});

it("counts an attempt before its work", async () => {
  const shop = strapiShop();
  let during: unknown;
  shop.tag = async () => {
    during = (await row())?.attempts;
    return skirt;
  };
  await consume(job, shop);
  expect(during).toBe(1);
});

describe("what people wrote", () => {
  it("stays", async () => {
    file = { alternativeText: "My wedding", caption: "Photo: me" };
    await consume(job, strapiShop());
    expect(file).toEqual({ alternativeText: "My wedding", caption: "Photo: me" });
    expect(await row()).toMatchObject({ status: "written" });
  });

  it("meanwhile is read afresh, and ours is replaced on a re-run", async () => {
    const shop = strapiShop();
    await consume(job, shop);
    const again = await restartOne(db, "shop", "1", shop.clock);
    shop.model = "hemline-2";
    shop.answer = skirt;
    await consume(again ?? job, shop);
    expect(file).toEqual({
      alternativeText: "Navy floral skirt",
      caption: "hemline: skirt, floral, navy",
    });
    file.alternativeText = "A person's words";
    shop.model = "hemline-3";
    await consume((await restartOne(db, "shop", "1", shop.clock)) ?? job, shop);
    expect(file.alternativeText).toBe("A person's words");
  });
});

it("does not tag the same bytes twice", async () => {
  const shop = strapiShop();
  await consume(job, shop);
  await consume((await restartOne(db, "shop", "1", shop.clock)) ?? job, shop);
  expect(shop.tagged).toBe(1);
  picture = "picture two";
  await consume((await restartOne(db, "shop", "1", shop.clock)) ?? job, shop);
  expect(shop.tagged).toBe(2);
});

describe("failures that pass", () => {
  it("are waited out, longer each time, and the row says why", async () => {
    const shop = strapiShop();
    picture = new Response("busy", { status: 503 });
    expect(await consume(job, shop)).toEqual({ type: "again", seconds: 30 });
    expect(await row()).toMatchObject({
      status: "pending",
      reason: "fetch_failed",
      failures: 1,
      lease: null,
    });
    picture = new Response("busy", { status: 503, headers: { "retry-after": "400" } });
    expect(await consume(job, shop)).toEqual({ type: "again", seconds: 400 });
    picture = "picture one";
    expect(await consume(job, shop)).toEqual({ type: "done" });
    expect(await row()).toMatchObject({
      status: "written",
      reason: null,
      attempts: 3,
      failures: 2,
    });
  });

  it("end in the dead-letter queue when they do not pass", async () => {
    const shop = strapiShop();
    for (let count = 1; count < maxFailures; count++) {
      picture = new Response(null, { status: 500 });
      expect(await consume(job, shop)).toEqual({ type: "again", seconds: waitFor(count) });
    }
    picture = new Response(null, { status: 500 });
    expect(await consume(job, shop)).toEqual({ type: "dead", reason: "fetch_failed" });
    expect(await row()).toMatchObject({ status: "failed", reason: "fetch_failed", due_at: null });
  });

  it("in the write-back keep the tags, and fetch nothing again", async () => {
    const shop = strapiShop();
    refusal = new Response(null, { status: 502 });
    expect(await consume(job, shop)).toEqual({ type: "again", seconds: 30 });
    expect(await row()).toMatchObject({ status: "tagged", reason: "cms_unavailable" });
    refusal = undefined;
    await consume(job, shop);
    expect(await row()).toMatchObject({ status: "written" });
    expect(shop.calls.filter(({ url }) => url.endsWith("a.jpg"))).toHaveLength(1);
    expect(shop.tagged).toBe(1);
  });

  it("wait 30 s, then twice as long, at most an hour", () => {
    expect([1, 2, 3, 8, 9].map((count) => waitFor(count))).toEqual([30, 60, 120, 3600, 3600]);
  });
});

describe("failures that stay", () => {
  it("of the picture end at once", async () => {
    const shop = strapiShop();
    shop.tag = async () => {
      throw new HemlineError("unsupported_type", "It is an HTML page.");
    };
    expect(await consume(job, shop)).toEqual({ type: "dead", reason: "unsupported_type" });
    expect(await row()).toMatchObject({
      status: "failed",
      reason: "unsupported_type",
      detail: "It is an HTML page.",
    });
  });

  it("of our rights in the CMS end at once", async () => {
    refusal = new Response(null, { status: 403 });
    expect(await consume(job, strapiShop())).toEqual({ type: "dead", reason: "cms_refused" });
  });

  it("of the address end before anything is fetched", async () => {
    const elsewhere = {
      type: "upload",
      asset: "1",
      identity: "two",
      ref: { url: "http://169.254.169.254/" },
    } as const;
    await record(db, "shop", null, [elsewhere], [], start);
    const shop = strapiShop();
    expect(await consume({ ...job, generation: 2 }, shop)).toEqual({
      type: "dead",
      reason: "url_not_allowed",
    });
    expect(shop.calls).toEqual([]);
  });
});

describe("an attempt that dies without a word", () => {
  it("holds the row for its lease", async () => {
    const shop = strapiShop();
    await claim(db, job, shop.clock);
    shop.clock += 1000;
    expect(await consume(job, shop)).toEqual({ type: "again", seconds: (leaseTime - 1000) / 1000 });
    shop.clock += leaseTime;
    expect(await consume(job, shop)).toEqual({ type: "done" });
    expect(await row()).toMatchObject({ status: "written", attempts: 2 });
  });

  it("three times is failed: resource_limit", async () => {
    const shop = strapiShop();
    for (let deaths = 0; deaths < 3; deaths++) {
      expect(await claim(db, job, shop.clock)).toMatchObject({ type: "claimed" });
      shop.clock += leaseTime;
    }
    expect(await consume(job, shop)).toEqual({ type: "dead", reason: "resource_limit" });
    expect(await row()).toMatchObject({ status: "failed", reason: "resource_limit", attempts: 3 });
    expect(shop.calls).toEqual([]);
  });
});

describe("meanwhile", () => {
  it("erased: nothing is written", async () => {
    const shop = strapiShop();
    shop.tag = async () => {
      await clear();
      return skirt;
    };
    expect(await consume(job, shop)).toEqual({ type: "done" });
    expect(changes(shop)).toEqual([]);
    expect(await row()).toBeUndefined();
  });

  it("started anew: the older attempt changes nothing", async () => {
    const shop = strapiShop();
    shop.tag = async () => {
      await restartOne(db, "shop", "1", shop.clock);
      return skirt;
    };
    expect(await consume(job, shop)).toEqual({ type: "done" });
    expect(changes(shop)).toEqual([]);
    expect(await row()).toMatchObject({ status: "pending", generation: 2 });
  });

  it("a message of an older generation is void", async () => {
    await restartOne(db, "shop", "1", start);
    const shop = strapiShop();
    expect(await consume(job, shop)).toEqual({ type: "done" });
    expect(shop.calls).toEqual([]);
  });

  it("two at once: one works, the other waits", async () => {
    const shop = strapiShop();
    const outcomes = await Promise.all([consume(job, shop), consume(job, shop)]);
    expect(outcomes.map(({ type }) => type).sort()).toEqual(["again", "done"]);
    expect(shop.tagged).toBe(1);
  });

  it("a source that is no longer set up is waited for", async () => {
    const shop = strapiShop();
    shop.sources = new Map();
    expect(await consume(job, shop)).toMatchObject({ type: "again" });
    expect(await row()).toMatchObject({ status: "pending", reason: "bad_configuration" });
  });
});

it("where other pictures fill the memory the message comes back, and nothing is counted", async () => {
  const shop = strapiShop();
  const others = new Share();
  others.take(BODY_BYTES - 1);
  try {
    expect(await consume(job, shop)).toMatchObject({ type: "again" });
    expect(await row()).toMatchObject({ status: "pending", attempts: 0, failures: 0, lease: null });
    expect((await row())?.due_at).toBeGreaterThan(start);
    expect(shop.tagged).toBe(0);
  } finally {
    others.release();
  }
  expect(await consume(job, shop)).toEqual({ type: "done" });
  expect(await row()).toMatchObject({ status: "written", attempts: 1, failures: 0 });
  // What the picture took is given back.
  others.take(BODY_BYTES);
  others.release();
});
