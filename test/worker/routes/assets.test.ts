import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { record } from "../../../worker/store/intake.ts";
import { senders } from "../cms/senders.ts";
import { type Bench, bench, clear, db, rows } from "./harness.ts";

let worker: Bench;
const upload = (asset: string) => ({ type: "upload", asset, identity: asset, ref: {} }) as const;

beforeEach(async () => {
  worker = bench({});
  await record(
    db,
    "shop",
    null,
    ["1", "folder/a b.jpg", "100%2F", "é?#"].map(upload),
    [],
    Date.now(),
  );
  await record(db, "other", null, [upload("1")], [], Date.now());
  await db
    .prepare(
      "UPDATE assets SET status = 'failed', reason = 'fetch_failed', detail = 'Why.', due_at = NULL WHERE source = 'shop' AND asset = '1'",
    )
    .run();
  await db
    .prepare(
      "UPDATE assets SET status = 'written', tags = '{\"model\":\"hemline-old\"}', model = 'hemline-old', due_at = NULL WHERE source = 'other'",
    )
    .run();
});
afterEach(clear);

const json = async (response: Response | Promise<Response>): Promise<Record<string, unknown>> =>
  (await response).json();
const idsOf = (page: Record<string, unknown>) =>
  (page.assets as { id: string }[]).map(({ id }) => id);

describe("needs the admin token", () => {
  it.each([
    ["GET", "/v1/assets"],
    ["GET", "/v1/assets/shop/1"],
    ["DELETE", "/v1/assets/shop/1"],
    ["POST", "/v1/assets/shop/1/retry"],
    ["POST", "/v1/assets/retry?status=failed"],
  ])("%s %s", async (method, path) => {
    for (const authorization of [undefined, "Bearer wrong", "Basic x", "Bearer "]) {
      const response = await worker.fetch(path, {
        method,
        headers: authorization === undefined ? {} : { authorization },
      });
      expect(response.status).toBe(401);
      expect(response.headers.get("www-authenticate")).toBe("Bearer");
    }
    const unset = bench({ HEMLINE_ADMIN_TOKEN: undefined });
    expect((await unset.admin(path, { method })).status).toBe(401);
    expect(
      (
        await bench({ HEMLINE_ADMIN_TOKEN: "" }).fetch(path, {
          method,
          headers: { authorization: "Bearer " },
        })
      ).status,
    ).toBe(401);
    expect(worker.sent).toEqual([]);
  });
});

describe("reads", () => {
  it("one row, with its reason", async () => {
    expect(await json(worker.admin("/v1/assets/shop/1"))).toEqual({
      source: "shop",
      id: "1",
      href: "/v1/assets/shop/1",
      status: "failed",
      reason: "fetch_failed",
      detail: "Why.",
      attempts: 0,
      created_at: expect.stringMatching(/Z$/),
      updated_at: expect.stringMatching(/Z$/),
    });
  });

  it("a tagged row with its tags", async () => {
    expect(await json(worker.admin("/v1/assets/other/1"))).toMatchObject({
      status: "written",
      tags: { model: "hemline-old" },
    });
  });

  it.each(["folder/a b.jpg", "100%2F", "é?#"])("an id with anything in it: %s", async (id) => {
    expect(await json(worker.admin(`/v1/assets/shop/${encodeURIComponent(id)}`))).toMatchObject({
      id,
    });
  });

  it("no row that there is not", async () => {
    expect(await json(worker.admin("/v1/assets/shop/2"))).toMatchObject({
      status: 404,
      code: "not_found",
    });
    expect(await json(worker.admin("/v1/assets/nobody/1"))).toMatchObject({
      status: 404,
      code: "not_found",
    });
  });

  it("pages, newest first, each row once even while others come", async () => {
    const first = await json(worker.admin("/v1/assets?limit=2"));
    expect(idsOf(first)).toEqual(["1", "é?#"]);
    await record(db, "shop", null, [upload("late")], [], Date.now());
    const second = await json(worker.admin(`/v1/assets?limit=2&cursor=${first.cursor}`));
    expect(idsOf(second)).toEqual(["100%2F", "folder/a b.jpg"]);
    const third = await json(worker.admin(`/v1/assets?limit=2&cursor=${second.cursor}`));
    expect(idsOf(third)).toEqual(["1"]);
    expect(third.cursor).toBeNull();
  });

  it("by source and status", async () => {
    expect(idsOf(await json(worker.admin("/v1/assets?source=shop&status=failed")))).toEqual(["1"]);
    expect(idsOf(await json(worker.admin("/v1/assets?source=other")))).toEqual(["1"]);
    expect(idsOf(await json(worker.admin("/v1/assets?status=tagged")))).toEqual([]);
  });

  it.each([
    "status=done",
    "limit=0",
    "limit=201",
    "limit=x",
    "cursor=x",
    "cursor=-1",
    "stale_model=maybe",
  ])("no bad parameter: %s", async (query) => {
    expect(await json(worker.admin(`/v1/assets?${query}`))).toMatchObject({
      status: 400,
      code: "bad_parameter",
    });
  });
});

describe("retries", () => {
  it("one row from the start", async () => {
    const response = await worker.admin("/v1/assets/shop/1/retry", { method: "POST" });
    expect(response.status).toBe(202);
    expect(response.headers.get("location")).toBe("/v1/assets/shop/1");
    expect(worker.sent).toEqual([{ source: "shop", asset: "1", generation: 2 }]);
    expect(await json(worker.admin("/v1/assets/shop/1"))).toMatchObject({
      status: "pending",
      attempts: 0,
    });
    expect((await worker.admin("/v1/assets/shop/2/retry", { method: "POST" })).status).toBe(404);
  });

  it("all failed rows of a source", async () => {
    await worker.admin("/v1/assets/retry?source=shop&status=failed", { method: "POST" });
    expect(worker.sent).toEqual([{ source: "shop", asset: "1", generation: 2 }]);
  });

  it("what another model tagged, and nothing else", async () => {
    await worker.admin("/v1/assets/retry?stale_model=true", { method: "POST" });
    expect(worker.sent).toEqual([{ source: "other", asset: "1", generation: 2 }]);
  });

  it("not everything by accident", async () => {
    expect(await json(worker.admin("/v1/assets/retry", { method: "POST" }))).toMatchObject({
      code: "bad_parameter",
    });
    expect(worker.sent).toEqual([]);
  });
});

it("erases a row, once", async () => {
  expect((await worker.admin("/v1/assets/other/1", { method: "DELETE" })).status).toBe(204);
  expect((await worker.admin("/v1/assets/other/1", { method: "DELETE" })).status).toBe(404);
  expect((await rows()).some(({ source }) => source === "other")).toBe(false);
});

it("accepts a webhook even while the queue is down, and the row stands", async () => {
  const down = { sendBatch: () => Promise.reject(new Error("down")) };
  const sender = senders.strapi;
  const broken = bench({
    SOURCES: JSON.stringify({ shop: sender.source }),
    SOURCE_SHOP_SECRET: "s",
    TAGGING: down,
  });
  const response = await broken.deliver(sender, {
    key: "s",
    body: sender.body(Date.now()).replace('"id":1', '"id":77'),
  });
  expect(response.status).toBe(202);
  expect(await rows()).toContainEqual(expect.objectContaining({ asset: "77", status: "pending" }));
});
