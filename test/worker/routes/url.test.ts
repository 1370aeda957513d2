import { describe, expect, inject, it } from "vitest";
import { createApp } from "../../../worker/app.ts";
import { hostFinding } from "../tagger.ts";

const hostile = inject("hostile");
const app = createApp(hostFinding({ category: { dress: 0.9 } }));
const open = { HEMLINE_ENV: "development", HEMLINE_URL_HOSTS: `cdn.example.com, ${hostile}` };

const ask = async (body: unknown, env: Record<string, string> = open) => {
  const headers = { "content-type": "application/json" };
  const init = { method: "POST", headers, body: JSON.stringify(body) };
  const response = await app.request("/v1/tags", init, env);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

it("fetches and tags a picture by its address", async () => {
  const { status, body } = await ask({ url: `${hostile}/tee.jpg` });
  expect(status).toBe(200);
  expect(body).toMatchObject({ category: [["dress", 0.9]], image: { format: "jpeg" } });
});

describe("refuses", () => {
  it("every address by default", async () => {
    const { body } = await ask(
      { url: "https://cdn.example.com/a.jpg" },
      { HEMLINE_ENV: "development" },
    );
    expect(body).toMatchObject({ status: 403, code: "url_not_allowed" });
  });

  it("an origin with an address and a port outside development", async () => {
    const sha = "2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683"; // of "key"
    const closed = { HEMLINE_URL_HOSTS: hostile, HEMLINE_API_KEYS: JSON.stringify({ shop: sha }) };
    const init = {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer key" },
    };
    const response = await app.request(
      "/v1/tags",
      { ...init, body: JSON.stringify({ url: `${hostile}/tee.jpg` }) },
      closed,
    );
    expect(await response.json()).toMatchObject({ status: 403, code: "url_not_allowed" });
  });

  it.each(["/error-page", "/drawing"])(
    "what is no picture, whatever its type says: %s",
    async (path) => {
      expect((await ask({ url: hostile + path })).body).toMatchObject({
        status: 415,
        code: "unsupported_type",
      });
    },
  );

  it("a server that fails, and one that sends too much", async () => {
    expect((await ask({ url: `${hostile}/busy` })).body).toMatchObject({
      status: 502,
      code: "fetch_failed",
    });
    expect((await ask({ url: `${hostile}/large-declared` })).body).toMatchObject({
      status: 413,
      code: "image_too_large",
    });
  });

  it("both forms at once, and neither", async () => {
    expect(
      (await ask({ url: "https://cdn.example.com/a.jpg", base64: "AA==" })).body,
    ).toMatchObject({ code: "bad_request" });
    expect((await ask({})).body).toMatchObject({ code: "bad_request" });
  });
});

it("names the entry of the allow-list that is wrong", async () => {
  const { body } = await ask(
    { url: "https://a.example.com/" },
    { ...open, HEMLINE_URL_HOSTS: "a.example.com,*" },
  );
  expect(body).toMatchObject({
    status: 500,
    code: "bad_configuration",
    detail: expect.stringContaining("HEMLINE_URL_HOSTS, entry 1"),
  });
});
