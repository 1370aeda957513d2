import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { handleBatch } from "../../../worker/jobs/queue.ts";
import { type DeadLetter, type JobsEnv, queueNames } from "../../../worker/jobs/queues.ts";
import { record } from "../../../worker/store/intake.ts";
import type { Job } from "../../../worker/store/row.ts";
import { clear, rows } from "../routes/harness.ts";
import { changes, db, start, type TestShop, uploads, workshop } from "./workshop.ts";

const strapi = { kind: "strapi", base: "https://cms.example.com" };
const job: Job = { source: "shop", asset: "1", generation: 1 };

let letters: DeadLetter[];
let sent: Job[];

beforeEach(async () => {
  await clear();
  letters = [];
  sent = [];
});

/** Runs one message through the consumer and tells what became of it. */
async function run(queue: string, body: unknown, shop: TestShop) {
  const message = { id: "m1", timestamp: new Date(start), attempts: 1, body };
  const batch = createMessageBatch(queue, [message]);
  const env = {
    DB: db,
    TAGGING: {
      sendBatch: async (messages: { body: Job }[]) =>
        void sent.push(...messages.map((one) => one.body)),
    },
    DEAD_LETTERS: { send: async (letter: DeadLetter) => void letters.push(letter) },
  } as unknown as JobsEnv;
  await handleBatch(batch, env, shop);
  return getQueueResult(batch, createExecutionContext());
}

async function pending(): Promise<void> {
  const upload = {
    type: "upload",
    asset: "1",
    identity: "one",
    ref: { url: "/uploads/a.jpg" },
  } as const;
  await record(db, "shop", null, [upload], [], start);
}

describe("a tagging job", () => {
  it("that is done is acknowledged", async () => {
    await pending();
    const shop = workshop({ ...strapi, write: false }, () => "picture");
    expect(await run(queueNames.tagging, job, shop)).toMatchObject({
      explicitAcks: ["m1"],
      retryMessages: [],
    });
    expect(await rows()).toMatchObject([{ status: "tagged" }]);
  });

  it("that may yet succeed is delivered again, later", async () => {
    await pending();
    const busy = () => new Response(null, { status: 429, headers: { "retry-after": "77" } });
    const retry = vi.fn();
    const batch = {
      queue: queueNames.tagging,
      messages: [{ id: "m1", body: job, retry, ack: retry }],
    };
    await handleBatch(batch as unknown as MessageBatch, {} as JobsEnv, workshop(strapi, busy));
    expect(retry.mock.calls).toEqual([[{ delaySeconds: 77 }]]);
  });

  it("that was given up becomes a dead letter with its reason", async () => {
    await pending();
    const shop = workshop(strapi, () => new Response(null, { status: 410 }));
    expect(await run(queueNames.tagging, job, shop)).toMatchObject({ explicitAcks: ["m1"] });
    expect(letters).toEqual([{ ...job, reason: "fetch_failed" }]);
    expect(await rows()).toMatchObject([{ status: "failed", reason: "fetch_failed" }]);
  });

  it("for a row that does not exist is dropped", async () => {
    const shop = workshop(strapi, () => undefined);
    expect(await run(queueNames.tagging, job, shop)).toMatchObject({ explicitAcks: ["m1"] });
    expect(await run(queueNames.tagging, { nonsense: true }, shop)).toMatchObject({
      explicitAcks: ["m1"],
    });
  });
});

describe("a dead letter", () => {
  it("that the platform sent marks the row: nothing of ours survived to do it", async () => {
    await pending();
    await run(
      queueNames.deadLetters,
      job,
      workshop(strapi, () => undefined),
    );
    expect(await rows()).toMatchObject([
      { status: "failed", reason: "resource_limit", due_at: null },
    ]);
  });

  it("leaves a row alone that was started anew meanwhile", async () => {
    await pending();
    await db.prepare("UPDATE assets SET generation = 2").run();
    await run(
      queueNames.deadLetters,
      job,
      workshop(strapi, () => undefined),
    );
    expect(await rows()).toMatchObject([{ status: "pending" }]);
  });
});

describe("an R2 event notification", () => {
  const r2 = { kind: "r2", bucket: "hemline-uploads", binding: "UPLOADS" };
  const notify = (action: string, key: string, eTag?: string) => ({
    account: "0123456789abcdef0123456789abcdef",
    action,
    bucket: "hemline-uploads",
    object: { key, size: 7, ...(eTag === undefined ? {} : { eTag }) },
    eventTime: "2026-03-01T12:00:00Z",
  });

  it("leads to tags in the object's metadata, once, and our own rewrite starts nothing", async () => {
    const put = await uploads.put("shop/dress 1.jpg", "picture", {
      customMetadata: { owner: "me" },
      httpMetadata: { contentType: "image/jpeg" },
    });
    const shop = workshop(r2, () => undefined);
    const event = notify("PutObject", "shop/dress 1.jpg", put.etag);
    await run(queueNames.r2Events, event, shop);
    await run(queueNames.r2Events, event, shop);
    expect(sent).toEqual([{ source: "shop", asset: "shop/dress 1.jpg", generation: 1 }]);
    await run(queueNames.tagging, sent[0], shop);
    const written = await uploads.head("shop/dress 1.jpg");
    expect(written?.customMetadata).toEqual({ owner: "me", "hemline-tags": "dress, floral, navy" });
    expect(written?.httpMetadata?.contentType).toBe("image/jpeg");
    expect(await rows()).toMatchObject([{ status: "written" }]);

    await run(queueNames.r2Events, notify("PutObject", "shop/dress 1.jpg", written?.etag), shop);
    expect(sent).toHaveLength(1);
    expect(changes(shop)).toEqual([]);
  });

  it("of a new file under the same key is new work", async () => {
    const shop = workshop(r2, () => undefined);
    await run(queueNames.r2Events, notify("PutObject", "a.jpg", "1"), shop);
    await run(queueNames.r2Events, notify("CompleteMultipartUpload", "a.jpg", "2"), shop);
    expect(sent.map(({ generation }) => generation)).toEqual([1, 2]);
  });

  it("of a deletion erases the row", async () => {
    const shop = workshop(r2, () => undefined);
    await run(queueNames.r2Events, notify("PutObject", "a.jpg", "1"), shop);
    await run(queueNames.r2Events, notify("DeleteObject", "a.jpg"), shop);
    expect(await rows()).toEqual([]);
  });

  it("of another bucket, or of no known shape, is dropped", async () => {
    const shop = workshop(r2, () => undefined);
    await run(queueNames.r2Events, { ...notify("PutObject", "a.jpg", "1"), bucket: "other" }, shop);
    expect(await run(queueNames.r2Events, { bucket: 7 }, shop)).toMatchObject({
      explicitAcks: ["m1"],
    });
    expect(sent).toEqual([]);
  });

  it("of an object that is gone ends", async () => {
    const shop = workshop(r2, () => undefined);
    await run(queueNames.r2Events, notify("PutObject", "gone.jpg", "1"), shop);
    await run(queueNames.tagging, sent[0], shop);
    expect(await rows()).toMatchObject([{ status: "failed", reason: "cms_gone" }]);
  });
});
