import type { MiddlewareHandler } from "hono";
import type { Env } from "./app.ts";
import { HemlineError } from "./errors.ts";

/** Closed unless in development, or the caller shows the key: `Authorization: Bearer <key>`. */
export const access: MiddlewareHandler<{ Bindings: Env }> = async (c, next) => {
  if (c.env.HEMLINE_ENV !== "development") {
    const { HEMLINE_API_KEY: key } = c.env;
    if (!key) {
      throw new HemlineError("closed", "No key is configured: set the secret HEMLINE_API_KEY.");
    }
    const shown = /^Bearer +(\S+) *$/i.exec(c.req.header("authorization") ?? "")?.[1] ?? "";
    if (!(await equal(shown, key))) {
      const challenge = { "www-authenticate": "Bearer" };
      throw new HemlineError("unauthorized", "Send a valid key as bearer token.", challenge);
    }
  }
  await next();
};

/** In constant time; over digests, so that not even the length leaks. */
async function equal(a: string, b: string): Promise<boolean> {
  const [x, y] = await Promise.all([a, b].map(digest));
  return crypto.subtle.timingSafeEqual(x as ArrayBuffer, y as ArrayBuffer);
}

const digest = (text: string) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
