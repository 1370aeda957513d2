import { Hono } from "hono";

/** `GET /healthz`: the Worker answers. */
export function health(): Hono {
  return new Hono().get("/", (c) => c.json({ status: "ok" }));
}
