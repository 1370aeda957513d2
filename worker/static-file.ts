import type { Context } from "hono";
import type { AppEnv } from "./app.ts";

/**
 * The file that `build/site/` made for this path. Static files are otherwise answered without the
 * Worker: what goes through it can be closed. Hosts without them (tests) have none.
 */
export async function staticFile(c: Context<AppEnv>): Promise<Response> {
  const response = await c.env.ASSETS?.fetch(c.req.raw);
  // A copy: the headers of an answer that was fetched cannot be changed.
  return response?.ok || response?.status === 304
    ? new Response(response.body, response)
    : c.notFound();
}
