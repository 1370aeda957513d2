import { afterEach, describe, expect, it } from "vitest";
import { MOST_AT_ONCE, sharing } from "../../../worker/bodies.ts";
import payloadUpdate from "../../fixtures/webhooks/payload-3.90.2-update-after-write.json";
import strapiUpdate from "../../fixtures/webhooks/strapi-5.54.0-update-after-write.json";
import { nextSecret, type Sender, secret, senders, wrongSecret } from "../cms/senders.ts";
import { bench, clear, db, rows, shop } from "./harness.ts";

afterEach(clear);

const unverified = {
  title: "Not authorised",
  status: 401,
  detail: "The webhook could not be verified.",
  code: "unauthorized",
};

/** Refused without a word more than that, and without a trace. */
async function refused(response: Response): Promise<void> {
  expect(await response.json()).toEqual(unverified);
  expect(response.status).toBe(401);
  expect(await rows()).toEqual([]);
  expect(await db.prepare("SELECT count(*) AS n FROM deliveries").first("n")).toBe(0);
}

describe.each(Object.entries<Sender>(senders))("%s", (_, sender) => {
  const href = `/v1/assets/shop/${encodeURIComponent(sender.asset)}`;

  it("good: answers 202 with the row's address, once", async () => {
    const worker = shop(sender);
    const at = Date.now();
    const response = await worker.deliver(sender, { at });
    expect(await response.json()).toEqual({ status: "accepted", assets: [href] });
    expect(response.status).toBe(202);
    expect(response.headers.get("location")).toBe(href);
    expect(worker.sent).toEqual([{ source: "shop", asset: sender.asset, generation: 1 }]);
    expect(await rows()).toMatchObject([
      { source: "shop", asset: sender.asset, status: "pending", attempts: 0 },
    ]);

    const replay = await worker.deliver(sender, { at });
    expect(replay.status).toBe(200);
    expect(await replay.json()).toEqual({ status: "duplicate", assets: [href] });
    expect(worker.sent).toHaveLength(1);
  });

  it("the same file under another delivery is no new work", async () => {
    const worker = shop(sender);
    await worker.deliver(sender, { at: Date.now() - 3_000 });
    const again = await worker.deliver(sender);
    expect(await again.json()).toMatchObject({ status: "duplicate" });
    expect(worker.sent).toHaveLength(1);
  });

  it("rotation: both secrets are accepted while both are listed", async () => {
    const worker = shop(sender, { SOURCE_SHOP_SECRET: nextSecret, SOURCE_SHOP_SECRET_2: secret });
    expect((await worker.deliver(sender, { key: secret })).status).toBe(202);
    expect((await worker.deliver(sender, { key: nextSecret })).status).toBe(200);
    expect((await shop(sender, { SOURCE_SHOP_SECRET: nextSecret }).deliver(sender)).status).toBe(
      401,
    );
  });

  it("wrong secret", async () => {
    await refused(await shop(sender).deliver(sender, { key: wrongSecret }));
  });

  it.each(sender.needs)("missing header: %s", async (name) => {
    await refused(await shop(sender).deliver(sender, { without: name }));
  });

  it.each(sender.needs)("nonsense in a header: %s", async (name) => {
    for (const value of ["", "x", "v1,", "t=1,v1=%%%", "0x10", "-1", "9".repeat(30)]) {
      await refused(await shop(sender).deliver(sender, { headers: { [name]: value } }));
    }
  });

  if (sender.signs.body)
    it("altered body", async () => {
      const body = sender.body(Date.now());
      await refused(await shop(sender).deliver(sender, { body: `${body} `, signedBody: body }));
      await refused(
        await shop(sender).deliver(sender, {
          body: body.replace(/jpg|created/, "JPG"),
          signedBody: body,
        }),
      );
    });

  if (sender.maxAge !== null)
    it("stale", async () => {
      await refused(
        await shop(sender).deliver(sender, { at: Date.now() - (sender.maxAge ?? 0) - 2_000 }),
      );
    });

  if (sender.signs.time)
    it("from the future", async () => {
      await refused(await shop(sender).deliver(sender, { at: Date.now() + 6 * 60_000 }));
    });

  if (sender.signs.time)
    it("an old signature under a new time", async () => {
      const old = await sender.headers(
        sender.body(Date.now()),
        secret,
        Date.now() - 10 * (sender.maxAge ?? 0),
      );
      const now = await sender.headers(sender.body(Date.now()), secret, Date.now());
      const mixed = Object.fromEntries(
        Object.entries(now).map(([name, value]) => [
          name,
          name.includes("timestamp") ? value : (old[name] ?? value),
        ]),
      );
      await refused(await shop(sender).deliver(sender, { headers: mixed }));
    });

  it("wrong method", async () => {
    for (const method of ["GET", "PUT", "DELETE"]) {
      const response = await shop(sender).fetch("/v1/webhooks/shop", { method });
      expect(response.status).toBe(405);
      expect(response.headers.get("allow")).toBe("POST");
    }
  });

  it("huge body", async () => {
    const response = await shop(sender).deliver(sender, { body: " ".repeat(1024 * 1024 + 1) });
    expect(await response.json()).toMatchObject({ status: 413, code: "body_too_large" });
  });

  it("not JSON", async () => {
    const response = await shop(sender).deliver(sender, { body: "upload=1" });
    expect(await response.json()).toMatchObject({
      status: 400,
      code: "bad_request",
      detail: "The body is not JSON.",
    });
  });

  it.each(["null", "[]", "{}", '"text"', "7", '{"event":7,"type":7,"_id":7,"sys":7}'])(
    "wrong shape: %s",
    async (body) => {
      const response = await shop(sender).deliver(sender, { body });
      expect(await response.json()).toMatchObject({ status: 400, code: "bad_request" });
      expect(await rows()).toEqual([]);
    },
  );

  it("an event that is no image upload is ignored", async () => {
    const worker = shop(sender);
    const response = await worker.deliver(sender, { body: sender.other });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: "ignored", assets: [] });
    expect(worker.sent).toEqual([]);
  });

  it("a deletion erases the row", async () => {
    const worker = shop(sender);
    await worker.deliver(sender);
    const body = sender.deleted;
    const response = await worker.deliver(sender, { body, at: Date.now() - 2_000 });
    expect(await response.json()).toEqual({ status: "erased", assets: [] });
    expect(await rows()).toEqual([]);
  });
});

describe("our own write-back does not loop", () => {
  it.each([
    ["strapi", strapiUpdate.body],
    ["payload", payloadUpdate.body],
  ] as const)("%s", async (name, body) => {
    const sender = senders[name];
    const worker = shop(sender);
    await worker.deliver(sender);
    const now = new Date().toISOString();
    const response = await worker.deliver(sender, {
      body: body.replace(/2026-01-15T10:00:\d\d\.\d{3}Z/g, now),
    });
    expect(response.status).toBe(200);
    expect(worker.sent).toHaveLength(1);
  });
});

it("a replaced file is new work, of a new generation", async () => {
  const sender = senders.strapi;
  const worker = shop(sender);
  await worker.deliver(sender);
  const replaced = sender
    .body(Date.now())
    .replace("media.create", "media.update")
    .replaceAll('"size":3.27', '"size":5.11');
  expect((await worker.deliver(sender, { body: replaced })).status).toBe(202);
  expect(worker.sent.map(({ generation }) => generation)).toEqual([1, 2]);
});

it("Storyblok's replacements are byte-identical, and each is new work once the last is done", async () => {
  const sender = senders.storyblok;
  const worker = shop(sender);
  await worker.deliver(sender);
  const body = sender.body(Date.now()).replace('"created"', '"replaced"');
  expect((await worker.deliver(sender, { body })).status).toBe(200);
  await db.prepare("UPDATE assets SET status = 'written', due_at = NULL").run();
  expect((await worker.deliver(sender, { body })).status).toBe(202);
  expect((await worker.deliver(sender, { body })).status).toBe(200);
});

it("a Directus token speaks for its own file only", async () => {
  const sender = senders["directus-jwt"];
  const body = sender
    .body(Date.now())
    .replaceAll(sender.asset, "00000000-0000-4000-8000-00000000000f");
  await refused(await shop(sender).deliver(sender, { body }));
});

it.each([
  ["no subject", { iat: 0, exp: 300 }],
  ["no expiry", { sub: "x", iat: 0 }],
  ["a year to live", { sub: "x", iat: 0, exp: 31_536_000 }],
])("a Directus token with %s is refused", async (_, claims: Record<string, unknown>) => {
  const sender = senders["directus-jwt"];
  const now = Math.floor(Date.now() / 1000);
  const shifted = Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [
      name,
      typeof value === "number" ? value + now : sender.asset,
    ]),
  );
  const { sign } = await import("hono/jwt");
  const token = await sign(shifted, secret, "HS256");
  await refused(
    await shop(sender).deliver(sender, { headers: { authorization: `Bearer ${token}` } }),
  );
  const none = `${btoa('{"alg":"none"}').replace(/=+$/, "")}.${token.split(".")[1]}.`;
  await refused(
    await shop(sender).deliver(sender, { headers: { authorization: `Bearer ${none}` } }),
  );
});

it("an unknown source gets the forger's answer", async () => {
  await refused(await bench({}).fetch("/v1/webhooks/shop", { method: "POST", body: "{}" }));
});

describe("a source that is not set up", () => {
  const sender = senders.strapi;

  it("answers 500, and says what is wrong in development only", async () => {
    const open = await shop(sender, {
      SOURCE_SHOP_SECRET: undefined,
      HEMLINE_ENV: "development",
    }).deliver(sender);
    expect(await open.json()).toMatchObject({
      status: 500,
      code: "bad_configuration",
      detail: "SOURCES.shop: the secret SOURCE_SHOP_SECRET is not set",
    });
    const closed = await shop(sender, {
      SOURCE_SHOP_SECRET: undefined,
      HEMLINE_ENV: undefined,
    }).deliver(sender);
    expect(await closed.json()).toMatchObject({
      status: 500,
      detail: "The log says what is wrong.",
    });
  });

  it("does not stop the others", async () => {
    const sources = { shop: sender.source, broken: { kind: "strapi" } };
    const response = await shop(sender, { SOURCES: JSON.stringify(sources) }).deliver(sender);
    expect(response.status).toBe(202);
  });
});

it("r2 accepts nothing over HTTP", async () => {
  const source = { kind: "r2", bucket: "hemline-uploads", binding: "UPLOADS" };
  const worker = bench({ SOURCES: JSON.stringify({ shop: source }) });
  const body =
    '{"action":"PutObject","bucket":"hemline-uploads","object":{"key":"a.jpg","eTag":"1"}}';
  await refused(await worker.fetch("/v1/webhooks/shop", { method: "POST", body }));
});

it("of a crowd, those past the limit are told to come back, and leave no trace", async () => {
  const worker = shop(senders.standard);
  let finish: () => void = () => undefined;
  const end = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const crowd = Array.from({ length: MOST_AT_ONCE }, () => sharing(() => end, "webhooks"));
  const response = await worker.deliver(senders.standard);
  expect(response.status).toBe(503);
  expect(response.headers.get("retry-after")).toBe("2");
  expect(await rows()).toEqual([]);
  // Pictures are counted apart.
  expect(await sharing(async () => "tagged")).toBe("tagged");
  finish();
  await Promise.all(crowd);
  expect((await worker.deliver(senders.standard)).status).toBe(202);
});
