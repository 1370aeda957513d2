import { Hono } from "hono";
import { access } from "./access.ts";
import { requireBindings } from "./bindings.ts";
import { HemlineError, problem } from "./errors.ts";
import type { AnyHost } from "./host.ts";
import { assets } from "./routes/assets.ts";
import { health } from "./routes/health.ts";
import { model } from "./routes/model.ts";
import { tags } from "./routes/tags.ts";
import { webhooks } from "./routes/webhooks.ts";

/** Variables and secrets of the Worker. */
export interface Env {
  /** "development" opens the API to anybody. */
  HEMLINE_ENV?: string;
  /** A secret: the key that callers show. */
  HEMLINE_API_KEY?: string;
  /** Hosts, separated by commas, from which `POST /v1/tags` may fetch a picture; none by default. */
  HEMLINE_URL_HOSTS?: string;
  /** Set by a host that knows it from the connection: see `client-address.ts`. */
  CLIENT_ADDRESS?: string;
}

/** The methods of each path, to tell a wrong method from a wrong path. */
const METHODS: Record<string, string> = {
  "/healthz": "GET, HEAD",
  "/v1/model": "GET, HEAD",
  "/v1/tags": "POST",
};

export function createApp(host: AnyHost): Hono<{ Bindings: Env }> {
  const app = new Hono<{ Bindings: Env }>();
  for (const path of ["/v1/webhooks/*", "/v1/assets/*"]) app.use(path, requireBindings);
  // Senders prove themselves by signature, and the rows need a token of their own.
  app.route("/v1/webhooks", webhooks());
  app.route("/v1/assets", assets(host));
  app.use("/v1/*", access);
  app.route("/healthz", health());
  app.route("/v1/model", model(host));
  app.route("/v1/tags", tags(host));
  app.notFound((c) => {
    const { method, path } = c.req;
    const allow = METHODS[path];
    if (allow === undefined) {
      throw new HemlineError("not_found", `Nothing answers at ${path}.`);
    }
    throw new HemlineError("method_not_allowed", `${path} does not answer ${method}.`, { allow });
  });
  app.onError((error) => {
    if (error instanceof HemlineError) return problem(error);
    console.error(error);
    return problem(new HemlineError("internal", "The failure has been logged."));
  });
  return app;
}
