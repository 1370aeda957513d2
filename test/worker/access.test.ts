import { describe, expect, it } from "vitest";
import { createApp, type Env } from "../../worker/app.ts";
import { hostFinding } from "./tagger.ts";

const app = createApp(hostFinding({}));
const ask = (env: Env, authorization?: string, path = "/v1/model") =>
  app.request(path, authorization ? { headers: { authorization } } : {}, env);

describe("outside development the API is closed", () => {
  it.each([{}, { HEMLINE_ENV: "production" }, { HEMLINE_API_KEY: "" }])(
    "without a key: %o",
    async (env) => {
      const response = await ask(env, "Bearer ");
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ code: "closed" });
    },
  );

  it.each([undefined, "Bearer wrong", "Bearer secret2", "Bearer secre", "Basic secret", "secret"])(
    "to %s",
    async (shown) => {
      const response = await ask({ HEMLINE_API_KEY: "secret" }, shown);
      expect(response.status).toBe(401);
      expect(response.headers.get("www-authenticate")).toBe("Bearer");
      expect(await response.json()).toMatchObject({ code: "unauthorized" });
    },
  );

  it("for every method and path under /v1, known or not", async () => {
    for (const path of ["/v1/tags", "/v1/nothing"]) {
      const response = await app.request(path, { method: "POST", body: "x" }, {});
      expect(response.status).toBe(403);
    }
  });
});

describe("open", () => {
  it.each(["Bearer secret", "bearer secret", "Bearer  secret "])("to %s", async (shown) => {
    expect((await ask({ HEMLINE_API_KEY: "secret" }, shown)).status).toBe(200);
  });
  it("to anybody in development", async () => {
    expect((await ask({ HEMLINE_ENV: "development" })).status).toBe(200);
  });
  it("to anybody: /healthz", async () => {
    expect((await ask({}, undefined, "/healthz")).status).toBe(200);
  });
});
