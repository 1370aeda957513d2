import { env as bindings } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { createApp, type Env } from "../../../worker/app.ts";
import { sha256 } from "../../../worker/cms/signing.ts";
import { picture } from "../../fixtures/pictures.ts";
import { hostFinding } from "../tagger.ts";

const app = createApp(hostFinding({}));
const hash = (key: string) => sha256(Uint8Array.from(new TextEncoder().encode(key)));
const keys = async (entries: Record<string, string>, more: Record<string, object> = {}) =>
  JSON.stringify(
    Object.fromEntries(
      await Promise.all(
        Object.entries(entries).map(async ([name, key]) => [
          name,
          more[name] ? { sha256: await hash(key), ...more[name] } : await hash(key),
        ]),
      ),
    ),
  );
const ask = (env: Env, authorization?: string, path = "/v1/model", init: RequestInit = {}) =>
  app.request(
    path,
    { ...init, headers: { ...(authorization && { authorization }), ...init.headers } },
    env,
  );
const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;

/** A rate-limit binding that says yes so many times, and notes for whom. */
function limiter(most: number) {
  const asked: string[] = [];
  return {
    asked,
    limit: async ({ key }: { key: string }) => ({ success: asked.push(key) <= most }),
  };
}

let one: Env;
beforeEach(async () => {
  one = { HEMLINE_API_KEYS: await keys({ shop: "secret" }) };
});

describe("outside development the API is closed", () => {
  it.each([
    {},
    { HEMLINE_ENV: "production" },
    { HEMLINE_API_KEYS: "" },
    { HEMLINE_API_KEYS: "{}" },
  ])("without a key: %o", async (env) => {
    const response = await ask(env, "Bearer ");
    expect(response.status).toBe(403);
    expect(await codeOf(response)).toBe("closed");
  });

  it.each([undefined, "Bearer wrong", "Bearer secret2", "Bearer secre", "Basic secret", "secret"])(
    "to %s",
    async (shown) => {
      const response = await ask(one, shown);
      expect(response.status).toBe(401);
      expect(response.headers.get("www-authenticate")).toBe("Bearer");
      expect(await codeOf(response)).toBe("unauthorized");
    },
  );

  it("to a key's hash: who reads the secret cannot call", async () => {
    expect((await ask(one, `Bearer ${await hash("secret")}`)).status).toBe(401);
  });

  it("for every method and path, known or not", async () => {
    for (const path of ["/v1/tags", "/v1/nothing", "/v1", "/", "/openapi.json", "/docs", "/x.js"]) {
      for (const method of ["GET", "POST", "DELETE"]) {
        expect((await app.request(path, { method }, {})).status).toBe(403);
      }
    }
  });

  it.each(['{"shop": "secret"}', "nonsense", '{"a b": "00"}', '{"shop": {"hash": "x"}}', "[]"])(
    "where the keys cannot be read: %s",
    async (text) => {
      const log = vi.spyOn(console, "error").mockReturnValue();
      const response = await ask({ HEMLINE_API_KEYS: text }, "Bearer secret");
      expect(response.status).toBe(500);
      expect(await codeOf(response)).toBe("bad_configuration");
      expect(log.mock.calls.join()).toMatch(/HEMLINE_API_KEYS/);
      log.mockRestore();
    },
  );
});

describe("open", () => {
  it.each(["Bearer secret", "bearer secret", "Bearer  secret "])("to %s", async (shown) => {
    expect((await ask(one, shown)).status).toBe(200);
  });
  it("to anybody in development", async () => {
    expect((await ask({ HEMLINE_ENV: "development" })).status).toBe(200);
  });
  it("to anybody: /healthz", async () => {
    expect((await ask({}, undefined, "/healthz")).status).toBe(200);
  });
});

describe("several keys", () => {
  it("are valid at once, and one can go while the other stays", async () => {
    const both = { HEMLINE_API_KEYS: await keys({ old: "first", new: "second" }) };
    for (const key of ["first", "second"])
      expect((await ask(both, `Bearer ${key}`)).status).toBe(200);
    const later = { HEMLINE_API_KEYS: await keys({ new: "second" }) };
    expect((await ask(later, "Bearer second")).status).toBe(200);
    expect((await ask(later, "Bearer first")).status).toBe(401);
  });

  it("end on their day", async () => {
    const ending = (expires: string) => keys({ shop: "secret" }, { shop: { expires } });
    const asked = async (expires: string) =>
      (await ask({ HEMLINE_API_KEYS: await ending(expires) }, "Bearer secret")).status;
    expect(await asked("2999-01-01")).toBe(200);
    expect(await asked("2020-01-01T00:00:00Z")).toBe(401);
    expect(await asked("soon")).toBe(500);
  });

  it("are each limited by the binding of their tier, under their own name", async () => {
    const [RATE_STANDARD, RATE_HIGH] = [limiter(1), limiter(9)];
    const HEMLINE_API_KEYS = await keys({ a: "one", b: "two" }, { b: { tier: "high" } });
    const env = { HEMLINE_API_KEYS, RATE_STANDARD, RATE_HIGH };
    expect((await ask(env, "Bearer one")).status).toBe(200);
    const limited = await ask(env, "Bearer one");
    expect(limited.status).toBe(429);
    expect(await codeOf(limited)).toBe("rate_limited");
    expect((await ask(env, "Bearer two")).status).toBe(200);
    expect([RATE_STANDARD.asked, RATE_HIGH.asked]).toEqual([["a", "a"], ["b"]]);
  });
});

describe("a limited caller is told what is left of the window", () => {
  it.each([
    ["12:00:00.000", "60"],
    ["12:00:59.900", "1"],
    ["12:00:42.000", "18"],
  ])("at %s", async (time, left) => {
    vi.useFakeTimers({ now: Date.parse(`2026-03-01T${time}Z`), toFake: ["Date"] });
    const response = await ask({ ...one, RATE_STANDARD: limiter(0) }, "Bearer secret");
    vi.useRealTimers();
    expect(response.headers.get("retry-after")).toBe(left);
  });
});

describe("wrong keys are counted by address", () => {
  const from = (address: string) => ({ headers: { "cf-connecting-ip": address } });
  it("and answered 429 past the limit, the right ones never", async () => {
    const env = { ...one, RATE_FAILED: limiter(2) };
    const statuses = [];
    for (let i = 0; i < 3; i++)
      statuses.push((await ask(env, "Bearer x", "/v1/model", from("9.9.9.9"))).status);
    expect(statuses).toEqual([401, 401, 429]);
    expect((await ask(env, "Bearer secret", "/v1/model", from("9.9.9.9"))).status).toBe(200);
    expect(env.RATE_FAILED.asked).toEqual(["9.9.9.9", "9.9.9.9", "9.9.9.9"]);
  });
  it("for the administrator's token and webhooks too", async () => {
    const closed = {
      ...(bindings as Env),
      HEMLINE_ENV: "production",
      RATE_FAILED: limiter(0),
    };
    for (const path of ["/v1/assets", "/v1/webhooks/shop"]) {
      const response = await ask(closed, "Bearer x", path, {
        method: path.endsWith("s") ? "GET" : "POST",
      });
      expect(response.status).toBe(429);
    }
  });
  it("on Node by the socket's address: a header speaks for nobody", async () => {
    const RATE_FAILED = limiter(9);
    await ask(
      { ...one, RATE_FAILED, CLIENT_ADDRESS: "::ffff:7.7.7.7" },
      "Bearer x",
      "/v1/model",
      from("9.9.9.9"),
    );
    await ask(
      { ...one, RATE_FAILED, CLIENT_ADDRESS: "" },
      "Bearer x",
      "/v1/model",
      from("9.9.9.9"),
    );
    await ask({ ...one, RATE_FAILED, CLIENT_ADDRESS: "2001:db8:1:2:3::4" }, "Bearer x");
    expect(RATE_FAILED.asked).toEqual(["7.7.7.7", "unknown", "2001:db8:1:2::/64"]);
  });
});

describe("what may be made public", () => {
  it.each([
    ["reads", { "/v1/model": 200, "/": 401, "/v1/nothing": 401 }],
    ["page", { "/v1/model": 401, "/": 404, "/v1/nothing": 401 }],
    ["page, reads", { "/v1/model": 200, "/": 404, "/v1/nothing": 401 }],
    ["", { "/v1/model": 401, "/": 401, "/v1/nothing": 401 }],
  ])("HEMLINE_PUBLIC=%s", async (HEMLINE_PUBLIC, expected) => {
    for (const [path, status] of Object.entries(expected)) {
      expect((await ask({ ...one, HEMLINE_PUBLIC }, undefined, path)).status, path).toBe(status);
    }
    const upload = await ask({ ...one, HEMLINE_PUBLIC }, undefined, "/v1/tags", {
      method: "POST",
      body: "x",
    });
    expect(upload.status).toBe(401);
  });

  it("is limited by address", async () => {
    const env = { ...one, HEMLINE_PUBLIC: "reads", RATE_PUBLIC: limiter(1) };
    expect((await ask(env)).status).toBe(200);
    expect((await ask(env)).status).toBe(429);
  });

  it("still refuses a key that is wrong", async () => {
    expect((await ask({ ...one, HEMLINE_PUBLIC: "reads" }, "Bearer x")).status).toBe(401);
  });

  it("a private page asks the browser for a key", async () => {
    const asked = await ask(one, undefined, "/");
    expect(asked.headers.get("www-authenticate")).toMatch(/^Basic /);
    expect((await ask(one, `Basic ${btoa("me:secret")}`, "/")).status).toBe(404);
    expect((await ask(one, `Basic ${btoa("me:wrong")}`, "/")).status).toBe(401);
    expect((await ask(one, `Basic ${btoa("me:secret")}`, "/v1/model")).status).toBe(401);
  });
});

describe("the demo", () => {
  const upload = (env: Env) =>
    ask(env, undefined, "/v1/tags", { method: "POST", body: picture("baseline.jpg") });
  it("tags a few pictures for anybody, then says wait", async () => {
    const env = { HEMLINE_DEMO: "true", RATE_DEMO: limiter(2) };
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await upload(env)).status);
    expect(statuses).toEqual([200, 200, 429]);
    expect((await ask(env)).status).toBe(200);
    expect((await ask(env, undefined, "/v1/nothing")).status).toBe(403);
  });
  it("has the limit that wrangler.toml binds, as the platform simulates it", async () => {
    const { RATE_DEMO } = bindings as Env;
    const statuses = [];
    // A minute may end in between: two windows of ten, and one more.
    for (let i = 0; i < 21; i++) {
      statuses.push((await upload({ HEMLINE_DEMO: "true", RATE_DEMO })).status);
    }
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(200));
    expect(statuses).toContain(429);
  });
  it("is off unless it is on, and never without its limit", async () => {
    expect((await upload({ HEMLINE_DEMO: "false", RATE_DEMO: limiter(2) })).status).toBe(403);
    expect(await codeOf(await upload({ HEMLINE_DEMO: "true" }))).toBe("bad_configuration");
  });
});

describe("pages of other sites", () => {
  const origin = "https://shop.example";
  const call = (env: Env, method: string) =>
    ask(env, method === "OPTIONS" ? undefined : "Bearer secret", "/v1/model", {
      method,
      headers: { origin, "access-control-request-method": "POST" },
    });
  it("may call where they are listed", async () => {
    const env = { ...one, HEMLINE_CORS_ORIGINS: `https://a.example, ${origin}` };
    const preflight = await call(env, "OPTIONS");
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-origin")).toBe(origin);
    expect(preflight.headers.get("access-control-allow-headers")).toContain("authorization");
    expect((await call(env, "GET")).headers.get("access-control-allow-origin")).toBe(origin);
    const refused = await ask(env, "Bearer x", "/v1/model", { headers: { origin } });
    expect(refused.headers.get("access-control-allow-origin")).toBe(origin);
  });
  it("may not otherwise", async () => {
    const env = { ...one, HEMLINE_CORS_ORIGINS: "https://a.example" };
    for (const method of ["OPTIONS", "GET"]) {
      expect((await call(env, method)).headers.get("access-control-allow-origin")).toBeNull();
      expect((await call(one, method)).headers.get("access-control-allow-origin")).toBeNull();
    }
  });
});
