import { Hono } from "hono";
import { labels } from "../../model/labels.ts";
import { namesIn } from "../../model/names.ts";
import type { Env } from "../app.ts";
import type { AnyHost } from "../host.ts";
import { PIXEL_LIMITS } from "../image/limits.ts";
import { languageOf, sayLanguage } from "../language.ts";
import { mapNames } from "../maps/maps.ts";
import { json, operation } from "../openapi/operation.ts";
import { query } from "../openapi/validated.ts";
import { ModelInfo } from "../schemas/model.ts";
import { TagQuery } from "../schemas/query.ts";
import { MAX_BYTES } from "./picture.ts";

/** `GET /v1/model`: what the network knows, and what it runs on. */
export function model(host: AnyHost): Hono<{ Bindings: Env }> {
  const app = new Hono<{ Bindings: Env }>();
  return app.get("/", described, query(TagQuery.pick({ lang: true })), (c) => {
    const { version, artefact, thresholds } = host.model;
    const { engine, simd, threads } = host.tagger();
    const language = languageOf(c, c.req.valid("query").lang);
    sayLanguage(c, language);
    return c.json({
      model: version,
      artefact,
      ...{ engine, simd, threads },
      labels,
      ...(language ? { names: namesIn(language) } : {}),
      maps: mapNames(c.env),
      thresholds,
      limits: {
        bytes: MAX_BYTES,
        pixels: PIXEL_LIMITS,
        images: c.env.IMAGES !== undefined,
      },
    });
  });
}

const described = operation({
  chapter: "About",
  summary: "What runs here",
  description: "The model, its labels and thresholds, and the limits of pictures.",
  access: "key",
  answers: { 200: { description: "The model.", content: json(ModelInfo) } },
  errors: ["bad_parameter"],
});
