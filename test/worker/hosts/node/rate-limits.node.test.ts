import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { unstable_readConfig } from "wrangler";
import { PERIOD } from "../../../../worker/access/tiers.ts";
import { nodeRateLimits } from "../../../../worker/hosts/node/rate-limits.ts";

it("counts each key in its window, and begins anew with the next", async () => {
  let now = 60_000;
  const { RATE_DEMO, RATE_FAILED } = nodeRateLimits(() => now);
  const take = async (key: string) => (await RATE_DEMO.limit({ key })).success;
  for (let i = 0; i < 10; i++) expect(await take("a")).toBe(true);
  expect(await take("a")).toBe(false);
  expect(await take("b")).toBe(true);
  expect((await RATE_FAILED.limit({ key: "a" })).success).toBe(true);
  now += 60_000;
  expect(await take("a")).toBe(true);
});

it("has the limits of wrangler.toml, whose windows are as long as Retry-After assumes", async () => {
  const { ratelimits } = unstable_readConfig({ config: "wrangler.toml" });
  const source = readFileSync("worker/hosts/node/rate-limits.ts", "utf8");
  expect(ratelimits).toHaveLength(Object.keys(nodeRateLimits()).length);
  for (const { name, simple } of ratelimits) {
    expect(simple.period).toBe(PERIOD);
    expect(source.replaceAll("_", "")).toContain(`${name.replaceAll("_", "")}: ${simple.limit},`);
  }
});
