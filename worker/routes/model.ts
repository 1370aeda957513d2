import { Hono } from "hono";
import { labels } from "../../model/labels.ts";
import type { Env } from "../app.ts";
import type { AnyHost } from "../host.ts";
import { PIXEL_LIMITS } from "../image/limits.ts";
import { MAX_BYTES } from "./picture.ts";

/** `GET /v1/model`: what the network knows, and what it runs on. */
export function model(host: AnyHost): Hono<{ Bindings: Env }> {
  return new Hono<{ Bindings: Env }>().get("/", (c) => {
    const { version, artefact, thresholds } = host.model;
    const { engine, simd, threads } = host.tagger();
    const network = { engine, simd, threads };
    const limits = { bytes: MAX_BYTES, pixels: PIXEL_LIMITS };
    return c.json({ model: version, artefact, ...network, labels, thresholds, limits });
  });
}
