import { Hono } from "hono";
import type { AppEnv } from "../app.ts";

/** `GET /`: the page, from the static files. Without them (tests, other hosts) there is none. */
export function page(): Hono<AppEnv> {
  return new Hono<AppEnv>().get("/", async (c) => {
    const response = await c.env.ASSETS?.fetch(c.req.raw);
    // A copy: the headers of an answer that was fetched cannot be changed.
    return response?.ok || response?.status === 304
      ? new Response(response.body, response)
      : c.notFound();
  });
}
