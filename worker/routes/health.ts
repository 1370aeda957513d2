import { Hono } from "hono";
import { z } from "zod";
import { json, operation } from "../openapi/operation.ts";

/** `GET /healthz`: the Worker answers. */
export function health(): Hono {
  return new Hono().get("/", described, (c) => c.json({ status: "ok" }));
}

const described = operation({
  chapter: "About",
  summary: "Whether it lives",
  access: "anybody",
  answers: {
    200: { description: "It does.", content: json(z.object({ status: z.literal("ok") })) },
  },
});
