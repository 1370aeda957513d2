import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { etag } from "hono/etag";
import { securityHeaders } from "../../headers.ts";

/** What the platform's asset server does in front of the Worker. */
export interface Site {
  /** `/assets/…`, `/`, `/openapi.json` and `/docs`; 404 for anything else. */
  fetch(request: Request): Response | Promise<Response>;
}

/** The page's files as `build/site/` wrote them into `folder`. */
export function siteIn(folder: string): Site {
  const site = new Hono();
  site.use(securityHeaders, etag());
  site.use("/assets/*", async (c, next) => {
    await next();
    // Their names carry a hash of their content.
    if (c.res.ok) c.header("cache-control", "public, max-age=31536000, immutable");
  });
  site.get("/assets/*", serveStatic({ root: folder }));
  site.get("/", serveStatic({ root: folder }));
  site.get("/openapi.json", serveStatic({ root: folder }));
  site.get("/docs", serveStatic({ root: folder, path: "docs.html" }));
  return site;
}

/** Files that the app never sees. */
export const isAsset = (url: string): boolean => new URL(url).pathname.startsWith("/assets/");
