import { createMiddleware } from "hono/factory";
import { HemlineError } from "../errors.ts";
import type { JobsEnv } from "../jobs/queues.ts";
import { sameSecret } from "../secret.ts";

/** Lets a request through that carries the admin token; without one configured, nobody passes. */
export const requireAdmin = createMiddleware<{ Bindings: JobsEnv }>(async (c, next) => {
  const expected = c.env.HEMLINE_ADMIN_TOKEN;
  const given = /^Bearer (.+)$/i.exec(c.req.header("authorization") ?? "")?.[1] ?? null;
  if (expected === undefined || expected === "" || !(await sameSecret(given, expected))) {
    throw new HemlineError("unauthorized", "This needs the admin token.", {
      "www-authenticate": "Bearer",
    });
  }
  await next();
});
