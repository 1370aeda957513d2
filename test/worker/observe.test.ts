import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createApp, type Env } from "../../worker/app.ts";
import { picture } from "../fixtures/pictures.ts";
import { hostFinding } from "./tagger.ts";

const app = createApp(hostFinding({}));
const log = vi.spyOn(console, "log");
beforeEach(() => void log.mockReset().mockReturnValue());
afterEach(() => void log.mockReset());

const lines = () => log.mock.calls.map(([line]) => JSON.parse(String(line)));
const upload = (env: Env, headers: Record<string, string> = {}) => {
  const init = { method: "POST", body: picture("baseline.jpg"), headers };
  return app.request("/v1/tags?top=2", init, { HEMLINE_ENV: "development", ...env });
};

it("one line a request says what happened, with the id that the caller gets", async () => {
  const response = await upload({}, { authorization: "Bearer hush" });
  const id = response.headers.get("x-request-id");
  expect(id).toMatch(/^[0-9a-f-]{36}$/);
  expect(lines()).toEqual([
    expect.objectContaining({
      ...{ event: "request", id, method: "POST", path: "/v1/tags", status: 200 },
      ...{ format: "jpeg", pixels: 48 * 32, scale: 8, bytes: picture("baseline.jpg").length },
    }),
  ]);
  expect(JSON.stringify(lines())).not.toMatch(/hush|top=2/);
});

it("an error's line has its code, and its answer the id", async () => {
  const response = await app.request("/v1/nothing?key=hush", {}, { HEMLINE_ENV: "development" });
  expect(lines()).toMatchObject([{ status: 404, code: "not_found", path: "/v1/nothing" }]);
  expect(response.headers.get("x-request-id")).toBe(lines()[0].id);
});

it("a caller's own id is kept where it is one", async () => {
  expect((await upload({}, { "x-request-id": "trace-7" })).headers.get("x-request-id")).toBe(
    "trace-7",
  );
  const odd = await upload({}, { "x-request-id": '"} forged' });
  expect(odd.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
});

it("a data point goes to Analytics Engine where it is bound", async () => {
  const writeDataPoint = vi.fn();
  await upload({ ANALYTICS: { writeDataPoint } });
  expect(writeDataPoint.mock.calls).toEqual([
    [
      {
        indexes: ["/v1/tags"],
        blobs: ["/v1/tags", "POST", "ok", "jpeg", ""],
        doubles: [
          200,
          expect.any(Number),
          picture("baseline.jpg").length,
          1536,
          8,
          expect.any(Number),
        ],
      },
    ],
  ]);
});
