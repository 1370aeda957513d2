import { Hono } from "hono";
import type { AppEnv } from "../app.ts";
import { staticFile } from "../static-file.ts";

/** `GET /`: the page. */
export function page(): Hono<AppEnv> {
  return new Hono<AppEnv>().get("/", staticFile);
}
