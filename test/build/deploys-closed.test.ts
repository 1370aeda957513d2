/** One wrangler.toml serves development and deployment: it must not open anything. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { unstable_readConfig } from "wrangler";
import { ROOT } from "../served/worker.ts";

const config = unstable_readConfig({ config: `${ROOT}/wrangler.toml` });

it("no variable of wrangler.toml opens the API, the page or the reads", () => {
  const opening = ["HEMLINE_ENV", "HEMLINE_PUBLIC", "HEMLINE_DEMO", "HEMLINE_CORS_ORIGINS"];
  expect(Object.keys(config.vars).filter((name) => opening.includes(name))).toEqual([]);
  // Nor has it environments, each of which could.
  expect(config.env ?? {}).toEqual({});
});

it("the page is asked of the Worker, which may refuse, before its file is served", () => {
  expect([config.assets?.run_worker_first].flat()).toContain("/");
});

it("development is passed by npm start alone", () => {
  expect(readFileSync(`${ROOT}/wrangler.toml`, "utf8")).not.toMatch(/HEMLINE_ENV\s*=/);
  expect(readFileSync(`${ROOT}/build/setup/server.mjs`, "utf8")).toContain(
    "HEMLINE_ENV:development",
  );
});
