import { z } from "zod";
import type { Kind, Upload } from "./kind.ts";
import { mergeAlt, mergeLine } from "./merge.ts";
import { alt, base, hosts, tags, write } from "./options.ts";
import { allPages, pageSize } from "./pages.ts";
import { headerAuth, verifyHeader } from "./secret-header.ts";

const schema = z.strictObject({
  kind: z.literal("strapi"),
  /** Strapi's public address: `url` is relative with the local upload provider. */
  base,
  hosts: hosts(),
  auth: headerAuth.prefault({}),
  write: write({ alt: alt("alternativeText"), tags: tags("caption") }).prefault({}),
});
type Options = z.infer<typeof schema>;

const file = z.object({
  id: z.union([z.number(), z.string()]).transform(String),
  url: z.string(),
  mime: z.string(),
  size: z.number(),
});
const event = z.object({ event: z.string(), media: file });
const texts = z.object({ alternativeText: z.string().nullish(), caption: z.string().nullish() });

/** Strapi 5. Sends `media.create`, `.update` (our own write-back too) and `.delete`; never sends twice. */
export const strapi: Kind<Options> = {
  schema,
  verify: (received, source) => verifyHeader(received, source, source.options.auth.header),

  events(body) {
    const name = z.object({ event: z.string() }).parse(body).event;
    if (!name.startsWith("media.")) return [];
    const { media } = event.parse(body);
    if (name === "media.delete") return [{ type: "delete", asset: media.id }];
    return media.mime.startsWith("image/") ? [upload(media)] : [];
  },

  sent(body) {
    const parsed = z.object({ createdAt: z.string() }).safeParse(body);
    return parsed.success ? { at: Date.parse(parsed.data.createdAt), maxAge: 5 * 60_000 } : null;
  },

  async locate({ ref }, { options }) {
    return { url: new URL(ref.url ?? "", options.base).href };
  },

  async write({ asset }, words, { options }, api, wrote) {
    if (options.write === false) return wrote;
    const id = encodeURIComponent(asset);
    const current: Record<string, unknown> = await api.call(
      z.looseObject(texts.shape),
      `/api/upload/files/${id}`,
    );
    const change: Record<string, string> = {};
    const { alt: altSettings, tags: tagSettings } = options.write;
    const textOf = (field: string): string | null =>
      z.string().nullish().parse(current[field]) ?? null;
    const altText = altSettings && mergeAlt(textOf(altSettings.field), words.alt, wrote.alt);
    if (altSettings && typeof altText === "string") change[altSettings.field] = altText;
    const line =
      tagSettings && mergeLine(textOf(tagSettings.field), words.tags, tagSettings.prefix);
    if (tagSettings && typeof line === "string") change[tagSettings.field] = line;
    if (Object.keys(change).length > 0) {
      const form = new FormData();
      form.set("fileInfo", JSON.stringify(change));
      await api.call(z.unknown(), `/api/upload?id=${id}`, { method: "POST", form });
    }
    return typeof altText === "string" ? { alt: altText } : wrote;
  },

  async recent(since, _source, api) {
    const files = await allPages((offset) => {
      const query = new URLSearchParams({
        "filters[createdAt][$gte]": new Date(since).toISOString(),
        "filters[mime][$startsWith]": "image/",
        sort: "createdAt:asc",
        start: String(offset),
        limit: String(pageSize),
      });
      return api.call(z.array(file), `/api/upload/files?${query}`);
    });
    return files.map(upload);
  },
};

/** A replaced file keeps its URL, so its size is part of what it is; `updatedAt` is not, we raise it. */
function upload({ id, url, size }: z.infer<typeof file>): Upload {
  return { type: "upload", asset: id, identity: `${url}:${size}`, ref: { url } };
}
