import { Hono } from "hono";
import { z } from "zod";
import { limit } from "../access/limit.ts";
import type { AppEnv } from "../app.ts";
import { clientAddress } from "../client-address.ts";
import { HemlineError } from "../errors.ts";
import type { AnyHost } from "../host.ts";
import { json, operation } from "../openapi/operation.ts";
import { query } from "../openapi/validated.ts";
import type { Tags } from "../schemas/tags.ts";
import { tagImage } from "../tag-image.ts";
import { TINY } from "./tiny.ts";

const Query = z.object({
  deep: z
    .enum(["1"], 'is "1"')
    .optional()
    .meta({ description: "Runs the network on a tiny picture, which costs what a picture costs." }),
});
const Health = z.object({
  status: z.literal("ok"),
  model: z.string().optional(),
  engine: z.string().optional(),
});

/**
 * `GET /healthz`: the Worker answers. `?deep=1`: the whole path works, decoder and network included; as
 * that costs CPU and needs no key, it is limited by address like what is public.
 */
export function health(host: AnyHost): Hono<AppEnv> {
  return new Hono<AppEnv>().get("/", described, query(Query), async (c) => {
    if (c.req.valid("query").deep === undefined) return c.json({ status: "ok" });
    if (c.env.HEMLINE_ENV !== "development") {
      await limit(c.env, "public", clientAddress(c.env, c.req.raw.headers));
    }
    await look(host);
    return c.json({ status: "ok", model: host.model.version, engine: host.tagger().engine });
  });
}

/** Tags the tiny picture. Throws `unhealthy` where that fails, or gives what no network gives. */
async function look(host: AnyHost): Promise<void> {
  let tags: Tags;
  try {
    tags = await tagImage(TINY, { top: 20 }, host);
  } catch (error) {
    if (error instanceof HemlineError && error.code === "busy") throw error;
    console.error("The health check's picture could not be tagged.", error);
    throw new HemlineError("unhealthy", "A picture could not be tagged: the log says why.");
  }
  const scores = tags.category.map(([, score]) => score);
  const total = scores.reduce((sum, score) => sum + score, 0);
  if (scores.length < 20 || !(total > 0.5 && total < 1.05)) {
    throw new HemlineError("unhealthy", "The network's scores make no sense.");
  }
}

const described = operation({
  chapter: "About",
  summary: "Whether it lives",
  access: "anybody",
  answers: {
    200: { description: "It does.", content: json(Health) },
  },
  errors: ["bad_parameter", "unhealthy", "busy", "rate_limited"],
});
