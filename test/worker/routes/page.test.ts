import { expect, it } from "vitest";
import { createApp } from "../../../worker/app.ts";
import { SECURITY_HEADERS } from "../../../worker/headers.ts";
import { hostFinding } from "../tagger.ts";

const app = createApp(hostFinding({}));
const open = { HEMLINE_ENV: "development" };
const ASSETS = {
  fetch: async () => new Response("<!doctype html>", { headers: { etag: '"1"' } }),
};

it("gives the page from the static files", async () => {
  const response = await app.request("/", {}, { ...open, ASSETS });
  expect(response.status).toBe(200);
  expect(await response.text()).toBe("<!doctype html>");
  expect(response.headers.get("etag")).toBe('"1"');
});

it("passes on that nothing has changed", async () => {
  const unchanged = { fetch: async () => new Response(null, { status: 304 }) };
  expect((await app.request("/", {}, { ...open, ASSETS: unchanged })).status).toBe(304);
});

it("has no page where there are no static files, or they lack it", async () => {
  const empty = { fetch: async () => new Response("", { status: 404 }) };
  for (const env of [open, { ...open, ASSETS: empty }]) {
    const response = await app.request("/", {}, env);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: "not_found" });
  }
});

it("keeps the page behind the key, and opens it where the operator says so", async () => {
  const env = { ASSETS, HEMLINE_API_KEYS: JSON.stringify({ mine: "00".repeat(32) }) };
  expect((await app.request("/", {}, env)).status).toBe(401);
  expect((await app.request("/", {}, { ...env, HEMLINE_PUBLIC: "page" })).status).toBe(200);
});

it("puts the policy on every answer", async () => {
  const paths = ["/", "/healthz", "/v1/model", "/nowhere"];
  for (const path of paths) {
    const { headers } = await app.request(path, {}, { ...open, ASSETS });
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) {
      expect(headers.get(name), `${name} of ${path}`).toBe(value);
    }
  }
  const refused = await app.request("/v1/tags", { method: "POST", body: "" }, open);
  expect(refused.headers.get("cross-origin-embedder-policy")).toBe("require-corp");
});
