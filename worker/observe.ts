import { createMiddleware } from "hono/factory";
import type { AppEnv } from "./app.ts";
import { HemlineError } from "./errors.ts";
import { amend } from "./headers.ts";

/** What is noted about a picture: never the picture, nor its address. */
export interface Seen {
  /** Size of the file, in bytes. */
  bytes?: number;
  format?: string;
  /** Pixels of the whole picture. */
  pixels?: number;
  /** Side of a decoded 8x8 block, 8 (full) to 1: what the decoder spared. JPEG only. */
  scale?: number | undefined;
  /** Whether the answer came from the cache. */
  cache?: string | undefined;
}

/**
 * One log line and one data point a request. Logs hold no picture, no query, no header but the request's
 * id; a key appears by its name. `ms` is time spent waiting: in workerd clocks stand still while it
 * computes, so pixels times scale is the measure of work (the platform's own log has CPU time).
 */
export const observe = createMiddleware<AppEnv>(async (c, next) => {
  const start = Date.now();
  await next();
  const { status } = c.res;
  const { method, path } = c.req;
  const code = codeOf(c.error, status);
  const seen = c.get("seen") ?? {};
  const ms = Date.now() - start;
  const id = c.get("requestId");
  amend(c, (headers) => headers.set("x-request-id", id));
  const line = { event: "request", id, method, path, status, code, ms, key: c.get("caller") };
  console.log(JSON.stringify({ ...line, ...seen }));
  const { bytes = 0, pixels = 0, scale = 0, format = "", cache = "" } = seen;
  c.env.ANALYTICS?.writeDataPoint({
    indexes: [routeOf(path)],
    blobs: [routeOf(path), method, code ?? "ok", format, cache],
    doubles: [status, ms, bytes, pixels, scale, workOf(seen)],
  });
});

/** The documented code of an error; a fault without one is `internal`. */
function codeOf(error: Error | undefined, status: number): string | undefined {
  if (error instanceof HemlineError) return error.code;
  return error === undefined && status < 500 ? undefined : "internal";
}

/** The first two steps of a path: ids would make an index without end. */
const routeOf = (path: string): string => path.split("/").slice(0, 3).join("/") || "/";

/** A measure of CPU time: pixels that the decoder put out, and the bytes it read to get there. */
function workOf({ pixels = 0, scale = 8, bytes = 0 }: Seen): number {
  return pixels * (scale / 8) ** 2 + bytes;
}
