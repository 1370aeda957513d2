import { createMiddleware } from "hono/factory";
import type { AppEnv, Env } from "../app.ts";
import { clientAddress } from "../client-address.ts";
import { HemlineError } from "../errors.ts";
import { findCaller, readKeys } from "./keys.ts";
import { limit } from "./limit.ts";

/** What is opened together: `reads` tell of the service, `page` is the site, `tags` the upload. */
type Area = "reads" | "page" | "tags" | "api";

/**
 * Closed unless in development: the caller shows a key (`Authorization: Bearer <key>`), or the area is
 * public by `HEMLINE_PUBLIC` (`page`, `reads`), or `HEMLINE_DEMO` lets a few requests through. A key that
 * is shown must be right, even where none is needed.
 */
export const access = createMiddleware<AppEnv>(async (c, next) => {
  const { env } = c;
  if (env.HEMLINE_ENV === "development") return next();
  const area = areaOf(c.req.method, c.req.path);
  const keys = readKeys(env);
  const key = shownKey(c.req.header("authorization"), area);
  if (key !== undefined && keys.length > 0) {
    const caller = await findCaller(key, keys, Date.now());
    if (caller === null) throw unauthorized(area);
    c.set("caller", caller.name);
    await limit(env, caller.tier, caller.name);
  } else if (isPublic(area, env)) {
    await limit(env, "public", clientAddress(c.env, c.req.raw.headers));
  } else if (area === "tags" && isDemo(env)) {
    await limit(env, "demo", clientAddress(c.env, c.req.raw.headers));
  } else if (keys.length === 0) {
    throw new HemlineError("closed", "No key is configured: set the secret HEMLINE_API_KEYS.");
  } else throw unauthorized(area);
  await next();
});

function areaOf(method: string, path: string): Area {
  const reads = method === "GET" || method === "HEAD";
  if (reads && /^\/(v1\/model|openapi\.json|docs(\/.*)?)$/.test(path)) return "reads";
  if (path === "/v1" || path.startsWith("/v1/")) {
    return method === "POST" && path === "/v1/tags" ? "tags" : "api";
  }
  return "page";
}

/** A browser that opens a private page asks its user: the key is the password, by any name. */
function shownKey(header = "", area: Area): string | undefined {
  const bearer = /^Bearer +(\S+) *$/i.exec(header)?.[1];
  if (bearer !== undefined || area !== "page") return bearer;
  const basic = /^Basic +([\w+/]+=*) *$/i.exec(header)?.[1];
  return basic && /^[^:]*:(.*)$/.exec(atob(basic))?.[1];
}

function isPublic(area: Area, env: Env): boolean {
  if (area !== "page" && area !== "reads") return false;
  const { HEMLINE_PUBLIC = "" } = env;
  return isDemo(env) || HEMLINE_PUBLIC.split(/[\s,]+/).includes(area);
}

/** A demo without its limit would be an open door. */
function isDemo(env: Env): boolean {
  if (env.HEMLINE_DEMO !== "true") return false;
  if (env.RATE_DEMO !== undefined) return true;
  throw new HemlineError("bad_configuration", "HEMLINE_DEMO needs the binding RATE_DEMO.");
}

function unauthorized(area: Area): HemlineError {
  const scheme = area === "page" ? 'Basic realm="Hemline", charset="UTF-8"' : "Bearer";
  const detail = "Send a valid key as bearer token.";
  return new HemlineError("unauthorized", detail, { "www-authenticate": scheme });
}
