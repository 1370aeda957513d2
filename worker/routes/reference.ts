import { Hono } from "hono";
import { z } from "zod";
import type { AppEnv } from "../app.ts";
import { json, operation } from "../openapi/operation.ts";
import { staticFile } from "../static-file.ts";

/** `GET /openapi.json`: made by the build, since making it takes the CPU time of ten pictures. */
export function document(): Hono<AppEnv> {
  return new Hono<AppEnv>().get("/", describedDocument, staticFile);
}

/** `GET /docs`: the same to read. */
export function reference(): Hono<AppEnv> {
  return new Hono<AppEnv>().get("/", describedReference, staticFile);
}

const about = { chapter: "About", access: "key" } as const;

const describedDocument = operation({
  ...about,
  summary: "This document",
  answers: {
    200: { description: "OpenAPI 3.1.", content: json(z.looseObject({ openapi: z.string() })) },
  },
  errors: ["not_found"],
});

const describedReference = operation({
  ...about,
  summary: "This document, to read",
  answers: { 200: { description: "A page.", content: { "text/html": {} } } },
  errors: ["not_found"],
});
