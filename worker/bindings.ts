import { createMiddleware } from "hono/factory";
import type { Env } from "./app.ts";
import { HemlineError } from "./errors.ts";

/** For routes that live on D1 and queues: a host without them (Node) says so, `not_on_this_host`. */
export const requireBindings = createMiddleware<{ Bindings: Env & { DB?: D1Database } }>(
  async (c, next) => {
    if (c.env.DB === undefined) {
      const detail = "This needs the Worker's database and queues, which this host does not have.";
      throw new HemlineError("not_on_this_host", detail);
    }
    await next();
  },
);
