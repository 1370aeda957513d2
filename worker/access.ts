import type { MiddlewareHandler } from "hono";
import type { Env } from "./app.ts";
import { HemlineError } from "./errors.ts";
import { sameSecret } from "./secret.ts";

/** Closed unless in development, or the caller shows the key: `Authorization: Bearer <key>`. */
export const access: MiddlewareHandler<{ Bindings: Env }> = async (c, next) => {
  if (c.env.HEMLINE_ENV !== "development") {
    const { HEMLINE_API_KEY: key } = c.env;
    if (!key) {
      throw new HemlineError("closed", "No key is configured: set the secret HEMLINE_API_KEY.");
    }
    const shown = /^Bearer +(\S+) *$/i.exec(c.req.header("authorization") ?? "")?.[1] ?? "";
    if (!(await sameSecret(shown, key))) {
      const challenge = { "www-authenticate": "Bearer" };
      throw new HemlineError("unauthorized", "Send a valid key as bearer token.", challenge);
    }
  }
  await next();
};
