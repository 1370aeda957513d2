import { type Context, Hono } from "hono";
import { preprocess } from "../../model/preprocess.ts";
import { cachedTags, type Manner, wantsFresh } from "../answer-cache.ts";
import type { AppEnv } from "../app.ts";
import { sharing } from "../bodies.ts";
import type { ErrorCode } from "../errors.ts";
import { urlPolicy } from "../fetch/url-policy.ts";
import type { AnyHost } from "../host.ts";
import { scaleFor } from "../image/scale.ts";
import { languageOf, sayLanguage } from "../language.ts";
import { mapCalled } from "../maps/maps.ts";
import { PICTURE, TAGS } from "../openapi/examples.ts";
import { file, json, operation } from "../openapi/operation.ts";
import { query } from "../openapi/validated.ts";
import { TagQuery } from "../schemas/query.ts";
import { Tags } from "../schemas/tags.ts";
import { Upload } from "../schemas/upload.ts";
import type { TagOptions } from "../tag-image.ts";
import { pictureOf } from "./picture.ts";

/** `POST /v1/tags`: the tags of an uploaded picture. */
export function tags(host: AnyHost): Hono<AppEnv> {
  return new Hono<AppEnv>().post("/", described, query(TagQuery), async (c) => {
    const asked = c.req.valid("query");
    const options = optionsOf(c, asked);
    return sharing(async (share) => {
      const bytes = await pictureOf(c.req.raw, urlPolicy(c.env), share, host.transport);
      c.set("seen", { bytes: bytes.length });
      const { answer, state } = await cachedTags(bytes, options, host, mannerOf(c, asked));
      const { width, height, format } = answer.image;
      const scale = format === "jpeg" ? scaleFor(width, height, preprocess.size) : undefined;
      c.set("seen", { bytes: bytes.length, format, pixels: width * height, scale, cache: state });
      if (state !== undefined) c.header("cache", state);
      sayLanguage(c, options.lang);
      return c.json(answer);
    });
  });
}

/** How a request wants to be answered. */
export function mannerOf(c: Context<AppEnv>, { cache }: TagQuery): Manner {
  const bypass = wantsFresh(c.req.raw.headers, cache);
  return { env: c.env, bypass, later: outliving(c) };
}

/** What may go on after the answer; a host without such a thing (Node, a test) waits. */
function outliving(c: Context<AppEnv>): ((work: Promise<unknown>) => void) | undefined {
  try {
    const { executionCtx } = c;
    return (work) => executionCtx.waitUntil(work);
  } catch {
    return undefined;
  }
}

/** What a request's query and headers ask for. Throws `bad_parameter` and `bad_configuration`. */
export function optionsOf(c: Context<AppEnv>, asked: TagQuery): TagOptions {
  return {
    top: asked.top,
    lang: languageOf(c, asked.lang),
    map: asked.map === undefined ? undefined : mapCalled(asked.map, c.env),
    explain: asked.explain !== undefined,
    images: c.env.IMAGES,
  };
}

/** What can be wrong with a picture and with what is asked of it. */
export const PICTURE_ERRORS = [
  "bad_parameter",
  "bad_request",
  "empty_body",
  "body_timeout",
  "image_too_large",
  "too_many_pixels",
  "unsupported_type",
  "corrupt_image",
  "url_not_allowed",
  "fetch_failed",
  "fetch_timeout",
  "image_service_failed",
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
        Cache: {
          description:
            "Whether the answer was kept from before: `hit`, `miss`, or `bypass` where the caller asked for a fresh look. Absent where nothing is kept.",
          schema: { type: "string", enum: ["hit", "miss", "bypass"] },
        },
      },
      content: json(Tags, TAGS),
    },
  },
  errors: PICTURE_ERRORS,
});
