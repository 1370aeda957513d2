import { Hono } from "hono";
import { etag } from "hono/etag";
import { requestId } from "hono/request-id";
import { access } from "./access/access.ts";
import { crossOrigin } from "./access/cors.ts";
import { countFailure } from "./access/failures.ts";
import type { RateLimits } from "./access/tiers.ts";
import { requireBindings } from "./bindings.ts";
import { HemlineError, problem } from "./errors.ts";
import { securityHeaders } from "./headers.ts";
import type { AnyHost } from "./host.ts";
import type { ImageService } from "./image/service.ts";
import { observe, type Seen } from "./observe.ts";
import { assets } from "./routes/assets.ts";
import { backfills } from "./routes/backfills.ts";
import { batch } from "./routes/batch.ts";
import { health } from "./routes/health.ts";
import { model } from "./routes/model.ts";
import { page } from "./routes/page.ts";
import { document, reference } from "./routes/reference.ts";
import { tags } from "./routes/tags.ts";
import { webhooks } from "./routes/webhooks.ts";

/** Variables and secrets of the Worker. */
export interface Env extends RateLimits {
  /** "development" opens the API to anybody. */
  HEMLINE_ENV?: string;
  /** A secret: the keys that callers show, JSON `{name: sha256}`; see `access/keys.ts`. */
  HEMLINE_API_KEYS?: string;
  /** What needs no key: `page`, `reads`, or both, separated by commas; nothing by default. */
  HEMLINE_PUBLIC?: string;
  /** "true" lets anybody try a few pictures a minute, without a key. */
  HEMLINE_DEMO?: string;
  /** Origins whose pages may call the API, separated by commas, or `*`; none by default. */
  HEMLINE_CORS_ORIGINS?: string;
  /** Hosts, separated by commas, from which `POST /v1/tags` may fetch a picture; none by default. */
  HEMLINE_URL_HOSTS?: string;
  /** Set by a host that knows it from the connection: see `client-address.ts`. */
  CLIENT_ADDRESS?: string;
  /** Cloudflare Images: reads HEIC, and pictures past the decoders' limits. Optional. */
  IMAGES?: ImageService;
  /** The page's static files. */
  ASSETS?: Pick<Fetcher, "fetch">;
  /** This deployment; without the binding no answer is kept in the cache. */
  VERSION?: { id: string };
  /** Where data points go: Workers Analytics Engine. */
  ANALYTICS?: { writeDataPoint(point: DataPoint): void };
}

interface DataPoint {
  indexes: string[];
  blobs: string[];
  doubles: number[];
}

/** What a request carries along: who it is, and what was noted about its picture. */
export interface AppEnv {
  Bindings: Env;
  Variables: { requestId: string; caller?: string; seen?: Seen };
}

/** The methods of each path, to tell a wrong method from a wrong path. */
const METHODS: Record<string, string> = {
  "/": "GET, HEAD",
  "/healthz": "GET, HEAD",
  "/docs": "GET, HEAD",
  "/openapi.json": "GET, HEAD",
  "/v1/model": "GET, HEAD",
  "/v1/tags": "POST",
  "/v1/tags:batch": "POST",
};

export function createApp(host: AnyHost): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.use(requestId(), observe, securityHeaders);
  app.use("/v1/*", crossOrigin);
  app.route("/healthz", health(host));
  // What is read again and again; an upload's answer is never a browser's to keep.
  for (const path of ["/v1/model", "/openapi.json", "/v1/assets/*", "/v1/backfills/*"])
    app.get(path, etag());
  for (const path of ["/v1/webhooks/*", "/v1/assets/*", "/v1/backfills/*"])
    app.use(path, requireBindings);
  // Senders prove themselves by signature, and the rows need a token of their own.
  app.route("/v1/webhooks", webhooks());
  app.route("/v1/assets", assets(host));
  app.route("/v1/backfills", backfills());
  app.use(access);
  app.route("/", page());
  app.route("/openapi.json", document());
  app.route("/docs", reference());
  app.route("/v1/model", model(host));
  app.route("/v1/tags", tags(host));
  app.route("/v1/tags:batch", batch(host));
  app.notFound((c) => {
    const { method, path } = c.req;
    const allow = METHODS[path];
    if (allow === undefined || allow.split(", ").includes(method)) {
      throw new HemlineError("not_found", `Nothing answers at ${path}.`);
    }
    throw new HemlineError("method_not_allowed", `${path} does not answer ${method}.`, { allow });
  });
  app.onError(async (error, c) => {
    if (error instanceof HemlineError) return problem(await countFailure(error, c));
    console.error(error);
    return problem(new HemlineError("internal", "The failure has been logged."));
  });
  return app;
}
