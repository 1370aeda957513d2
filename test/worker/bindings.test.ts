import { expect, it } from "vitest";
import { createApp } from "../../worker/app.ts";
import { clientAddress } from "../../worker/client-address.ts";
import { hostFinding } from "./tagger.ts";

const app = createApp(hostFinding({}));

it.each([
  ["POST", "/v1/webhooks/shop"],
  ["GET", "/v1/assets"],
  ["GET", "/v1/assets/shop/1"],
  ["POST", "/v1/assets/retry"],
])("without a database, %s %s says so", async (method, path) => {
  const response = await app.request(path, { method }, { HEMLINE_ENV: "development" });
  expect(response.status).toBe(501);
  expect(await response.json()).toMatchObject({ code: "not_on_this_host" });
});

it("a header names the caller's address only where no connection does", () => {
  const headers = new Headers({ "cf-connecting-ip": "203.0.113.7" });
  expect(clientAddress({}, headers)).toBe("203.0.113.7");
  expect(clientAddress({ CLIENT_ADDRESS: "198.51.100.1" }, headers)).toBe("198.51.100.1");
  expect(clientAddress({}, new Headers({ "x-forwarded-for": "203.0.113.7" }))).toBe("unknown");
});
