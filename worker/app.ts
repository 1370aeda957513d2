import { Hono } from "hono";
import { HemlineError, problem } from "./errors.ts";
import { health } from "./routes/health.ts";

/** Variables and secrets of the Worker. */
export interface Env {
  /** "development" opens the API to anybody. */
  HEMLINE_ENV?: string;
}

export function createApp(): Hono<{ Bindings: Env }> {
  const app = new Hono<{ Bindings: Env }>();
  app.route("/healthz", health());
  app.notFound((c) => {
    throw new HemlineError("not_found", `Nothing answers ${c.req.method} ${c.req.path}.`);
  });
  app.onError((error) => {
    if (error instanceof HemlineError) return problem(error);
    console.error(error);
    return problem(new HemlineError("internal", "The failure has been logged."));
  });
  return app;
}
