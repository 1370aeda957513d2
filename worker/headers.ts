import type { Context, MiddlewareHandler } from "hono";

/**
 * The headers of every answer: the Worker sets them on its own, `build/site/` writes them into the
 * `_headers` of the static files, which the Worker never sees.
 *
 * COOP and COEP isolate the page, without which a browser gives it no threads. Scripts come from
 * here alone; tfjs starts its threads as workers.
 */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self' blob:",
    "connect-src 'self'",
    "img-src 'self' blob: data:",
    "style-src 'self'",
    "font-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

const ENTRIES = Object.entries(SECURITY_HEADERS);

/** Puts them on every answer that does not say otherwise itself. */
export const securityHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  amend(c, (headers) => {
    for (const [name, value] of ENTRIES) if (!headers.has(name)) headers.set(name, value);
  });
};

/** Changes a finished answer's headers in place: Hono's `c.header` makes a new answer for each. */
export function amend(c: Context, change: (headers: Headers) => void): void {
  try {
    change(c.res.headers);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // The headers of an answer that was fetched cannot be changed, those of a copy can.
    c.res = new Response(c.res.body, c.res);
    change(c.res.headers);
  }
}
