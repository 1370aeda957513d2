import { Hono } from "hono";
import { expect, it } from "vitest";
import { SECURITY_HEADERS, securityHeaders } from "../../worker/headers.ts";

const app = new Hono()
  .use(securityHeaders)
  .get("/plain", (c) => c.json({}))
  .get("/own", (c) => c.text("", 200, { "referrer-policy": "origin" }))
  // Its headers cannot be changed, like those of any answer that was fetched.
  .get("/fixed", () => Response.redirect("https://hemline.test/elsewhere", 303));

it.each([
  ["/plain", 200],
  ["/fixed", 303],
])("all headers are on %s", async (path, status) => {
  const response = await app.request(path);
  expect(response.status).toBe(status);
  expect(Object.fromEntries(response.headers)).toMatchObject(SECURITY_HEADERS);
});

it("an answer's own header stays", async () => {
  const { headers } = await app.request("/own");
  expect(headers.get("referrer-policy")).toBe("origin");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
});
