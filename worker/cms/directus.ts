import { verify as verifyJwt } from "hono/jwt";
import { z } from "zod";
import type { Kind, Received, Source, Upload, Verified } from "./kind.ts";
import { mergeAlt, mergeTags } from "./merge.ts";
import { alt, base, hosts, metadata, tags, write } from "./options.ts";
import { allPages, pageSize } from "./pages.ts";
import { headerAuth, verifyHeader } from "./secret-header.ts";
import { join, sha256 } from "./signing.ts";
import { unverified } from "./unverified.ts";

const schema = z.strictObject({
  kind: z.literal("directus"),
  base,
  hosts: hosts(),
  auth: z.union([headerAuth, z.strictObject({ type: z.literal("jwt") })]).prefault({}),
  write: write({ tags: tags("tags"), alt: alt("description"), metadata }).prefault({}),
});
type Options = z.infer<typeof schema>;

const uploaded = z.object({
  key: z.string().min(1),
  payload: z
    .object({
      type: z.string(),
      filesize: z.coerce.string(),
      filename_disk: z.string(),
      uploaded_on: z.string(),
    })
    .partial()
    .default({}),
});
const listed = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      type: z.string(),
      filesize: z.coerce.string(),
      filename_disk: z.string(),
    }),
  ),
});

/** Directus: a Flow on `files.upload` that ends in a request; never sends twice. */
export const directus: Kind<Options> = {
  schema,
  verify: (received, source) =>
    source.options.auth.type === "jwt"
      ? verifyToken(received, source)
      : verifyHeader(received, source, source.options.auth.header),

  events(body, _source, { subject }) {
    const { event } = z.object({ event: z.string() }).parse(body);
    if (event === "files.delete") {
      const { keys } = z.object({ keys: z.array(z.string()) }).parse(body);
      return keys.map((asset) => ({ type: "delete", asset: spokenFor(asset, subject) }));
    }
    if (event !== "files.upload") return [];
    const { key, payload } = uploaded.parse(body);
    spokenFor(key, subject);
    if (payload.type !== undefined && !payload.type.startsWith("image/")) return [];
    return [upload(key, payload.filename_disk, payload.filesize)];
  },

  sent(body) {
    const parsed = uploaded.safeParse(body);
    const at = parsed.success ? parsed.data.payload.uploaded_on : undefined;
    return at === undefined ? null : { at: Date.parse(at), maxAge: 15 * 60_000 };
  },

  async locate({ asset }, { options, token }) {
    const url = `${options.base.replace(/\/$/, "")}/assets/${encodeURIComponent(asset)}`;
    return token === undefined ? { url } : { url, headers: { authorization: `Bearer ${token}` } };
  },

  async write({ asset }, words, { options }, api, wrote) {
    if (options.write === false) return wrote;
    const { alt: altSettings, tags: tagSettings, metadata: metadataSettings } = options.write;
    const path = `/files/${encodeURIComponent(asset)}`;
    const { data } = await api.call(z.object({ data: z.record(z.string(), z.unknown()) }), path);
    const change: Record<string, unknown> = {};
    const altText =
      altSettings &&
      mergeAlt(z.string().nullish().parse(data[altSettings.field]), words.alt, wrote.alt);
    if (altSettings && typeof altText === "string") change[altSettings.field] = altText;
    const list =
      tagSettings &&
      mergeTags(
        z.array(z.string()).nullish().parse(data[tagSettings.field]) ?? [],
        words.tags,
        tagSettings.prefix,
      );
    if (tagSettings && list) change[tagSettings.field] = list;
    if (metadataSettings) change[metadataSettings.field] = JSON.parse(words.json);
    if (Object.keys(change).length > 0)
      await api.call(z.unknown(), path, { method: "PATCH", json: change });
    return typeof altText === "string" ? { alt: altText } : wrote;
  },

  async recent(since, _source, api) {
    const files = await allPages(async (offset) => {
      const query = new URLSearchParams({
        "filter[type][_starts_with]": "image/",
        "filter[uploaded_on][_gte]": new Date(since).toISOString(),
        fields: "id,type,filesize,filename_disk",
        sort: "uploaded_on",
        offset: String(offset),
        limit: String(pageSize),
      });
      return (await api.call(listed, `/files?${query}`)).data;
    });
    return files.map((file) => upload(file.id, file.filename_disk, file.filesize));
  },
};

/**
 * A token that a Flow operation signed. It does not cover the body, so it must say which file it is
 * for (`sub`), must expire within the hour, and serves once: the token itself names the delivery.
 */
async function verifyToken(received: Received, source: Source<Options>): Promise<Verified | null> {
  const token = /^Bearer (\S+)$/i.exec(received.headers.get("authorization") ?? "")?.[1];
  if (token === undefined) return null;
  for (const secret of source.secrets) {
    try {
      const claims = z
        .object({ sub: z.string().min(1), iat: z.number(), exp: z.number() })
        .parse(await verifyJwt(token, secret, "HS256"));
      if (claims.exp - claims.iat > 3600) return null;
      return { delivery: await sha256(join(token)), subject: claims.sub };
    } catch {
      // Not signed by this secret, or no longer valid.
    }
  }
  return null;
}

/** A token's file is the only one its body may name. */
function spokenFor(key: string, subject: string | undefined): string {
  if (subject !== undefined && key !== subject) throw unverified();
  return key;
}

/** A replaced file keeps its id and name on disk, so its size is part of what it is. */
function upload(asset: string, nameOnDisk: string | undefined, size: string | undefined): Upload {
  return { type: "upload", asset, identity: `${nameOnDisk ?? asset}:${size ?? ""}`, ref: {} };
}
