import { type Context, Hono } from "hono";
import type { AppEnv } from "../app.ts";
import { sharing } from "../bodies.ts";
import type { ErrorCode } from "../errors.ts";
import { urlPolicy } from "../fetch/url-policy.ts";
import type { AnyHost } from "../host.ts";
import { languageOf, sayLanguage } from "../language.ts";
import { mapCalled } from "../maps/maps.ts";
import { PICTURE, TAGS } from "../openapi/examples.ts";
import { file, json, operation } from "../openapi/operation.ts";
import { query } from "../openapi/validated.ts";
import { TagQuery } from "../schemas/query.ts";
import { Tags } from "../schemas/tags.ts";
import { Upload } from "../schemas/upload.ts";
import { type TagOptions, tagImage } from "../tag-image.ts";
import { pictureOf } from "./picture.ts";

/** `POST /v1/tags`: the tags of an uploaded picture. */
export function tags(host: AnyHost): Hono<AppEnv> {
  return new Hono<AppEnv>().post("/", described, query(TagQuery), async (c) => {
    const options = optionsOf(c, c.req.valid("query"));
    return sharing(async (share) => {
      const bytes = await pictureOf(c.req.raw, urlPolicy(c.env), share, host.transport);
      c.set("seen", { bytes: bytes.length });
      const answer = await tagImage(bytes, options, host);
      const { width, height, format } = answer.image;
      c.set("seen", { bytes: bytes.length, format, pixels: width * height });
      sayLanguage(c, options.lang);
      return c.json(answer);
    });
  });
}

/** What a request's query and headers ask for. Throws `bad_parameter` and `bad_configuration`. */
export function optionsOf(c: Context<AppEnv>, asked: TagQuery): TagOptions {
  return {
    top: asked.top,
    lang: languageOf(c, asked.lang),
    map: asked.map === undefined ? undefined : mapCalled(asked.map, c.env),
    explain: asked.explain !== undefined,
  };
}

/** What can be wrong with a picture and with what is asked of it. */
export const PICTURE_ERRORS = [
  "bad_parameter",
  "bad_request",
  "empty_body",
  "image_too_large",
  "too_many_pixels",
  "unsupported_type",
  "corrupt_image",
  "url_not_allowed",
  "fetch_failed",
  "fetch_timeout",
  "bad_configuration",
  "busy",
] as const satisfies ErrorCode[];

const described = operation({
  chapter: "Tagging",
  summary: "Tag a picture",
  description:
    "JPEG, PNG, WebP, GIF or AVIF, recognised by its bytes whatever its type says: as the raw body, as the field `image` of a form, or in JSON. `GET /v1/model` tells the limits.",
  access: "key",
  body: {
    "image/*": { schema: file },
    "multipart/form-data": {
      schema: { type: "object", required: ["image"], properties: { image: file } },
    },
    ...json(Upload, { base64: PICTURE }),
  },
  answers: {
    200: {
      description: "The tags.",
      headers: {
        "Content-Language": {
          description: "The language of the names, where there are names.",
          schema: { type: "string" },
        },
      },
      content: json(Tags, TAGS),
    },
  },
  errors: PICTURE_ERRORS,
});
