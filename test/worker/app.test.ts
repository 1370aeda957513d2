import { describe, expect, it } from "vitest";
import { labels } from "../../model/labels.ts";
import { createApp } from "../../worker/app.ts";
import { PIXEL_LIMITS } from "../../worker/image/limits.ts";
import { MAX_BYTES } from "../../worker/routes/picture.ts";
import { hostFinding } from "./tagger.ts";

const app = createApp(hostFinding({}));
const ask = (path: string, init: RequestInit = {}) =>
  app.request(path, init, { HEMLINE_ENV: "development" });

it("answers /healthz", async () => {
  const response = await ask("/healthz");
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: "ok" });
});

it("tells of the model", async () => {
  expect(await (await ask("/v1/model")).json()).toEqual({
    model: "hemline-test",
    artefact: "00",
    engine: "float32",
    simd: true,
    threads: 1,
    labels,
    maps: [],
    thresholds: { attributes: expect.any(Object), presence: 0.5 },
    limits: { bytes: MAX_BYTES, pixels: PIXEL_LIMITS, images: false },
  });
});

describe("a problem document answers", () => {
  it("an unknown path", async () => {
    const response = await ask("/nowhere");
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toEqual({
      title: "Not found",
      status: 404,
      detail: "Nothing answers at /nowhere.",
      code: "not_found",
    });
  });
  it.each([
    ["GET", "/v1/tags", "POST"],
    ["DELETE", "/v1/model", "GET, HEAD"],
    ["POST", "/healthz", "GET, HEAD"],
  ])("%s %s", async (method, path, allow) => {
    const response = await ask(path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe(allow);
    expect(await response.json()).toMatchObject({ code: "method_not_allowed" });
  });
});
