import { env as bindings } from "cloudflare:test";
import { describe, expect, inject, it } from "vitest";
import { createApp } from "../../../worker/app.ts";
import { ApiError, type BatchResult, createClient } from "../../../worker/client/client.ts";
import { record } from "../../../worker/store/intake.ts";
import { picture } from "../../fixtures/pictures.ts";
import { adminToken, clear, db } from "../routes/harness.ts";
import { hostFinding } from "../tagger.ts";

const hostile = inject("hostile");
const app = createApp(hostFinding({ category: { dress: 0.9 } }));
const env = {
  ...bindings,
  HEMLINE_ENV: "development",
  HEMLINE_URL_HOSTS: hostile,
  HEMLINE_ADMIN_TOKEN: adminToken,
};
const client = createClient({
  url: "https://hemline.test/",
  key: adminToken,
  fetch: async (input, init) => app.fetch(new Request(input, init), env as never),
});
const jpeg = picture("baseline.jpg");
const all = async <T>(values: AsyncIterable<T>) => {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
};

describe("tags", () => {
  it.each([
    ["bytes", () => jpeg],
    ["an ArrayBuffer", () => jpeg.buffer],
    ["a Blob", () => new Blob([jpeg], { type: "application/json" })],
    ["a stream", () => new Blob([jpeg]).stream() as ReadableStream<Uint8Array>],
    ["an address", () => new URL(`${hostile}/tee.jpg`)],
  ])("%s", async (_, make) => {
    expect(await client.tag(make())).toMatchObject({ category: [["dress", 0.9]] });
  });

  it("as it is asked to", async () => {
    const { category } = await client.tag(jpeg, { lang: "ja", top: 1 });
    expect(category).toEqual([["dress", 0.9, "ワンピース"]]);
  });

  it("or says why not, by code", async () => {
    const failure = await client.tag(new Uint8Array([1, 2, 3])).catch((error) => error);
    expect(failure).toBeInstanceOf(ApiError);
    expect(failure).toMatchObject({ code: "unsupported_type", status: 415 });
  });
});

describe("a batch", () => {
  it("of any length, each by its place in the list", async () => {
    const pictures = [
      ...Array.from({ length: 18 }, () => jpeg),
      new URL(`${hostile}/tee.jpg`),
      new URL(`${hostile}/busy`),
      new Blob(["no picture"]),
    ];
    const results: BatchResult[] = await all(client.tagBatch(pictures, { top: 1 }));
    results.sort((a, b) => a.index - b.index);
    expect(results.map(({ index }) => index)).toEqual([...pictures.keys()]);
    const codes = results.map((result) => ("tags" in result ? "tagged" : result.error.code));
    expect(codes.slice(0, 19)).toEqual(Array(19).fill("tagged"));
    expect(codes.slice(19)).toEqual(["fetch_failed", "unsupported_type"]);
  });

  it("that is refused as a whole gives that to each of its pictures", async () => {
    const results = await all(client.tagBatch([jpeg, jpeg], { top: 99 }));
    expect(results).toMatchObject([
      { index: 0, error: { code: "bad_parameter" } },
      { index: 1, error: { code: "bad_parameter" } },
    ]);
  });
});

it("tells of the model", async () => {
  const model = await client.model({ lang: "ko" });
  expect(model).toMatchObject({ model: "hemline-test", names: { dress: "원피스" } });
});

it("lists, shows and erases assets, whatever their ids hold", async () => {
  const ids = ["1", "folder/a b.jpg"];
  const uploads = ids.map(
    (asset) => ({ type: "upload", asset, identity: asset, ref: {} }) as const,
  );
  await record(db, "shop", null, uploads, [], Date.now());
  const found = await all(client.assets.list({ source: "shop" }));
  expect(found.map(({ id }) => id)).toEqual(["folder/a b.jpg", "1"]);
  expect(await client.assets.get("shop", "folder/a b.jpg")).toMatchObject({ status: "pending" });
  await client.assets.erase("shop", "1");
  await expect(client.assets.get("shop", "1")).rejects.toMatchObject({ code: "not_found" });
  await clear();
});

it("lists backfills, and says what is wrong with an order", async () => {
  expect(await client.backfills.list()).toEqual([]);
  await expect(client.backfills.start({ bucket: "none" })).rejects.toMatchObject({
    code: "bad_parameter",
  });
});
