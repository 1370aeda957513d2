import { Hono } from "hono";
import type { AppEnv } from "../app.ts";
import { sharing } from "../bodies.ts";
import { HemlineError } from "../errors.ts";
import { urlPolicy } from "../fetch/url-policy.ts";
import type { AnyHost } from "../host.ts";
import { MAX_TOP } from "../rank.ts";
import { tagImage } from "../tag-image.ts";
import { pictureOf } from "./picture.ts";

/** `POST /v1/tags?top=1..20`: the tags of an uploaded picture. */
export function tags(host: AnyHost): Hono<AppEnv> {
  return new Hono<AppEnv>().post("/", async (c) => {
    const top = parseTop(c.req.query("top"));
    return sharing(async (share) => {
      const bytes = await pictureOf(c.req.raw, urlPolicy(c.env), share, host.transport);
      c.set("seen", { bytes: bytes.length });
      const answer = await tagImage(bytes, { top }, host);
      const { width, height, format } = answer.image;
      c.set("seen", { bytes: bytes.length, format, pixels: width * height });
      return c.json(answer);
    });
  });
}

function parseTop(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const top = Number(text);
  if (!/^\d{1,2}$/.test(text) || top < 1 || top > MAX_TOP) {
    throw new HemlineError("bad_parameter", `\`top\` is a whole number from 1 to ${MAX_TOP}.`);
  }
  return top;
}
