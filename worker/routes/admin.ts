import { createMiddleware } from "hono/factory";
import { HemlineError } from "../errors.ts";
import type { JobsEnv } from "../jobs/queues.ts";
import { sameSecret } from "../secret.ts";

/** Whether a request carries the admin token; without one configured, none does. */
export async function isAdmin(
  headers: Headers,
  { HEMLINE_ADMIN_TOKEN }: JobsEnv,
): Promise<boolean> {
  if (HEMLINE_ADMIN_TOKEN === undefined || HEMLINE_ADMIN_TOKEN === "") return false;
  const given = /^Bearer (.+)$/i.exec(headers.get("authorization") ?? "")?.[1] ?? null;
  return sameSecret(given, HEMLINE_ADMIN_TOKEN);
}

export const requireAdmin = createMiddleware<{ Bindings: JobsEnv }>(async (c, next) => {
  if (!(await isAdmin(c.req.raw.headers, c.env))) {
    const challenge = { "www-authenticate": "Bearer" };
    throw new HemlineError("unauthorized", "This needs the admin token.", challenge);
  }
  await next();
});
