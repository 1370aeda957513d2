import { beforeEach, expect, it } from "vitest";
import { consume } from "../../../worker/jobs/consume.ts";
import type { JobsEnv } from "../../../worker/jobs/queues.ts";
import { sweep } from "../../../worker/jobs/sweep.ts";
import { patience, record } from "../../../worker/store/intake.ts";
import type { Job } from "../../../worker/store/row.ts";
import { clear, rows } from "../routes/harness.ts";
import { db, start, workshop } from "./workshop.ts";

const listed = [
  { id: 1, url: "/uploads/a.jpg", mime: "image/jpeg", size: 3.27 },
  { id: 2, url: "/uploads/b.jpg", mime: "image/jpeg", size: 4 },
];
const upload = (asset: string) => ({ type: "upload", asset, identity: asset, ref: {} }) as const;
const quiet = { kind: "standard", hosts: ["a.example.com"] };

let sent: Job[];
let env: JobsEnv;

beforeEach(async () => {
  await clear();
  sent = [];
  const queue = {
    sendBatch: async (messages: { body: Job }[]) =>
      void sent.push(...messages.map(({ body }) => body)),
  };
  env = { DB: db, TAGGING: queue, DEAD_LETTERS: queue } as unknown as JobsEnv;
});

it("sends rows again whose message is overdue, at growing distances, and no others", async () => {
  const shop = workshop(quiet, () => undefined);
  await record(db, "shop", null, [upload("1")], [], start);
  const times: number[] = [];
  for (let minute = 0; minute <= 40; minute++) {
    shop.clock = start + minute * 60_000;
    const before = sent.length;
    await sweep(env, shop);
    if (sent.length > before) times.push(minute);
  }
  expect(times).toEqual([1, 2, 4, 8, 16, 32]);
});

it("leaves finished, failed and leased rows alone", async () => {
  const shop = workshop(quiet, () => undefined);
  await record(db, "shop", null, ["1", "2", "3", "4"].map(upload), [], start);
  await db.prepare("UPDATE assets SET status = 'written', due_at = NULL WHERE asset = '1'").run();
  await db.prepare("UPDATE assets SET status = 'failed', due_at = NULL WHERE asset = '2'").run();
  await db
    .prepare("UPDATE assets SET due_at = ? WHERE asset = '3'")
    .bind(start + 3 * patience)
    .run();
  shop.clock += patience;
  await sweep(env, shop);
  expect(sent).toEqual([{ source: "shop", asset: "4", generation: 1 }]);
});

it("sends more rows than one batch holds", async () => {
  const shop = workshop(quiet, () => undefined);
  await record(
    db,
    "shop",
    null,
    Array.from({ length: 250 }, (_, index) => upload(String(index))),
    [],
    start,
  );
  shop.clock += patience;
  await sweep(env, shop);
  expect(new Set(sent.map(({ asset }) => asset)).size).toBe(250);
});

it("finds what a CMS that does not repeat tried to deliver", async () => {
  const shop = workshop({ kind: "strapi", base: "https://cms.example.com" }, ({ url }) =>
    url.startsWith("https://cms.example.com/api/upload/files?") ? listed : undefined,
  );
  const known = { ...upload("1"), identity: "/uploads/a.jpg:3.27", ref: { url: "/uploads/a.jpg" } };
  await record(db, "shop", null, [known], [], start);
  await sweep(env, shop);
  expect(sent).toEqual([{ source: "shop", asset: "2", generation: 1 }]);
  expect(await rows()).toMatchObject([
    { asset: "1" },
    { asset: "2", identity: "/uploads/b.jpg:4" },
  ]);
  const query = (index: number) =>
    new URL(shop.calls[index]?.url ?? "").searchParams.get("filters[createdAt][$gte]");
  expect(query(0)).toBe("2026-02-28T12:00:00.000Z");

  shop.clock += 300_000;
  await sweep(env, shop);
  expect(sent).toHaveLength(1 + 2);
  expect(query(1)).toBe("2026-03-01T11:45:00.000Z");
});

it("reads a long list to its end", async () => {
  const files = Array.from({ length: 230 }, (_, index) => ({
    id: `f${index}`,
    type: "image/png",
    filesize: 10,
    filename_disk: `f${index}.png`,
  }));
  const shop = workshop({ kind: "directus", base: "https://cms.example.com" }, ({ url }) => {
    const { searchParams } = new URL(url);
    const offset = Number(searchParams.get("offset"));
    return { data: files.slice(offset, offset + Number(searchParams.get("limit"))) };
  });
  await sweep(env, shop);
  expect(new Set(sent.map(({ asset }) => asset)).size).toBe(230);
  expect(shop.calls).toHaveLength(3);
});

it("asks again from the same time after a failed sweep, and goes on with the others", async () => {
  let broken = true;
  const shop = workshop({ kind: "directus", base: "https://cms.example.com" }, () =>
    broken
      ? new Response(null, { status: 500 })
      : { data: [{ id: "f", type: "image/png", filesize: "10", filename_disk: "f.png" }] },
  );
  await sweep(env, shop);
  expect(sent).toEqual([]);
  broken = false;
  await sweep(env, shop);
  expect(sent).toEqual([{ source: "shop", asset: "f", generation: 1 }]);
  const since = shop.calls.map(({ url }) =>
    new URL(url).searchParams.get("filter[uploaded_on][_gte]"),
  );
  expect(since[0]).toBe(since[1]);
});

it("what the sweep enqueues can be consumed", async () => {
  const shop = workshop({ kind: "strapi", base: "https://cms.example.com" }, ({ method, url }) => {
    if (url.includes("/api/upload/files?")) return listed;
    if (url.includes("/uploads/")) return "picture";
    return method === "GET" ? {} : [];
  });
  await sweep(env, shop);
  for (const job of sent) expect(await consume(job, shop)).toEqual({ type: "done" });
  expect(await rows()).toMatchObject([{ status: "written" }, { status: "written" }]);
});

it("forgets deliveries after 45 days", async () => {
  const shop = workshop(quiet, () => undefined);
  await record(db, "shop", "old", [upload("1")], [], start - 46 * 86_400_000);
  await record(db, "shop", "new", [upload("2")], [], start);
  await sweep(env, shop);
  const { results } = await db.prepare("SELECT delivery FROM deliveries").all();
  expect(results).toEqual([{ delivery: "new" }]);
});
