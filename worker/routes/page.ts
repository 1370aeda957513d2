import { Hono } from "hono";
import type { AppEnv } from "../app.ts";
import { staticFile } from "../static-file.ts";

/**
 * `GET /`: the page. What it loads comes here only with `run_worker_first = true` in wrangler.toml, and
 * is then as private.
 */
export function page(): Hono<AppEnv> {
  return new Hono<AppEnv>().on("GET", ["/", "/assets/*"], staticFile);
}
