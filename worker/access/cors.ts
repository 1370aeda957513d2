import { cors } from "hono/cors";
import { createMiddleware } from "hono/factory";
import type { AppEnv, Env } from "../app.ts";

/**
 * Which other sites' pages may call: `HEMLINE_CORS_ORIGINS`, origins separated by commas, or `*`; none
 * by default. No cookie is ever read, so credentials in CORS's sense are not allowed.
 */
export const crossOrigin = createMiddleware<AppEnv>((c, next) =>
  c.env.HEMLINE_CORS_ORIGINS ? allow(c, next) : next(),
);

const allow = cors({
  origin: (origin, c) => allowed(origin, c.env),
  allowMethods: ["GET", "HEAD", "POST", "DELETE"],
  allowHeaders: [
    "authorization",
    "content-type",
    "accept-language",
    "cache-control",
    "if-none-match",
  ],
  exposeHeaders: ["cache", "etag", "retry-after", "x-request-id", "location"],
  maxAge: 3600,
});

function allowed(origin: string, { HEMLINE_CORS_ORIGINS = "" }: Env): string | null {
  const origins = HEMLINE_CORS_ORIGINS.split(/[\s,]+/);
  if (origins.includes("*")) return "*";
  return origins.includes(origin) ? origin : null;
}
