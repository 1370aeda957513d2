import { SELF } from "cloudflare:test";
import { expect, it } from "vitest";

it("answers /healthz", async () => {
  const response = await SELF.fetch("http://hemline.test/healthz");
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: "ok" });
});

it("answers an unknown path with a problem document", async () => {
  const response = await SELF.fetch("http://hemline.test/nowhere");
  expect(response.status).toBe(404);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(await response.json()).toEqual({
    title: "Not found",
    status: 404,
    detail: "Nothing answers GET /nowhere.",
    code: "not_found",
  });
});
