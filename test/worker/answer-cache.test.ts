import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { canonical } from "../../worker/answer-cache.ts";
import { createApp, type Env } from "../../worker/app.ts";
import { picture } from "../fixtures/pictures.ts";
import { hostFinding } from "./tagger.ts";

let seen: Uint8Array[];
let version: string;
beforeEach(() => {
  seen = [];
  version = crypto.randomUUID();
});

async function post({
  query = "",
  headers = {},
  env = {},
  name = "baseline.jpg",
  host = hostFinding({ category: { dress: 0.9 } }, seen),
}: {
  query?: string;
  headers?: Record<string, string>;
  env?: Env;
  name?: string;
  host?: ReturnType<typeof hostFinding>;
} = {}) {
  const context = createExecutionContext();
  const response = await createApp(host).fetch(
    new Request(`https://hemline.test/v1/tags${query}`, {
      method: "POST",
      body: picture(name),
      headers,
    }),
    { HEMLINE_ENV: "development", VERSION: { id: version }, ...env },
    context,
  );
  await waitOnExecutionContext(context);
  return {
    status: response.status,
    cache: response.headers.get("cache"),
    body: await response.text(),
  };
}

it("the same picture asked for the same way is looked at once", async () => {
  const first = await post();
  const second = await post();
  expect([first.cache, second.cache]).toEqual(["miss", "hit"]);
  expect(second.body).toBe(first.body);
  expect(seen).toHaveLength(1);
});

describe("anything else is another answer", () => {
  it.each([
    ["a picture", { name: "rgb.png" }],
    ["?top", { query: "?top=2" }],
    ["?lang", { query: "?lang=ko" }],
    ["Accept-Language", { headers: { "accept-language": "de" } }],
    ["?explain", { query: "?explain=heatmap" }],
  ])("%s", async (_, other) => {
    await post();
    expect((await post(other)).cache).toBe("miss");
    expect((await post(other)).cache).toBe("hit");
    expect((await post()).cache).toBe("hit");
  });

  it("the model and the deployment", async () => {
    await post();
    const host = hostFinding({ category: { skirt: 0.9 } });
    const newer = { ...host, model: { ...host.model, artefact: "01" } };
    const answer = await post({ host: newer });
    expect(answer).toMatchObject({ cache: "miss", body: expect.stringContaining("skirt") });
    expect((await post({ env: { VERSION: { id: crypto.randomUUID() } } })).cache).toBe("miss");
  });
});

it.each([
  { query: "?cache=no" },
  { headers: { "cache-control": "no-cache" } },
  { headers: { "cache-control": "max-age=0, no-store" } },
])("%o looks anew", async (fresh) => {
  await post();
  expect((await post(fresh)).cache).toBe("bypass");
  expect(seen).toHaveLength(2);
});

it("only who may ask is answered, kept or not", async () => {
  await post();
  const closed = await post({ env: { HEMLINE_ENV: "production" } });
  expect(closed).toMatchObject({ status: 403, cache: null });
});

it("an error is not kept, and without a deployment's name nothing is", async () => {
  const log = vi.spyOn(console, "error").mockReturnValue();
  const broken = hostFinding({});
  broken.tagger().infer = () => {
    throw new Error("down");
  };
  expect((await post({ host: broken })).status).toBe(500);
  log.mockRestore();
  expect(await post()).toMatchObject({ status: 200, cache: "miss" });
  const env = { VERSION: undefined } as unknown as Env;
  expect([(await post({ env })).cache, (await post({ env })).cache]).toEqual([null, null]);
});

it("a value has one text, whatever the order of its keys", () => {
  const one = { b: [1, { d: 1, c: undefined }], a: { z: 1, y: { k: 2, j: 1 } } };
  const other = { a: { y: { j: 1, k: 2 }, z: 1 }, b: [1, { d: 1 }], c: undefined };
  expect(canonical(one)).toBe(canonical(other));
  expect(canonical({ a: [1, 2] })).not.toBe(canonical({ a: [2, 1] }));
});

describe("ETags", () => {
  const app = createApp(hostFinding({}));
  const ASSETS = { fetch: async () => Response.json({ openapi: "3.1.0" }) };
  const ask = (path: string, init: RequestInit = {}) =>
    app.request(path, init, { HEMLINE_ENV: "development", ASSETS });
  it.each(["/v1/model", "/openapi.json"])("spare reading %s again", async (path) => {
    const etag = (await ask(path)).headers.get("etag");
    expect(etag).toMatch(/^(W\/)?".+"$/);
    const again = await ask(path, { headers: { "if-none-match": String(etag) } });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe("");
    expect((await ask(path, { headers: { "if-none-match": '"x"' } })).status).toBe(200);
  });
  it("are not given to uploads", async () => {
    const response = await ask("/v1/tags", { method: "POST", body: picture("baseline.jpg") });
    expect(response.headers.get("etag")).toBeNull();
  });
});
