import { z } from "zod";
import type { CmsApi } from "./api.ts";
import type { Kind, Received } from "./kind.ts";
import { mergeAlt, mergeTags } from "./merge.ts";
import { base, fixedAlt, hosts, sharedTags, write } from "./options.ts";
import { anySecret, fromHex, isFresh, join, sha256, timestamp, verifyHmac } from "./signing.ts";

const schema = z.strictObject({
  kind: z.literal("contentful"),
  /** `https://api.contentful.com/spaces/<space>/environments/<environment>`. */
  base,
  hosts: hosts("images.ctfassets.net", "images.eu.ctfassets.net"),
  /** Alt text goes to the asset's description; tags are made where the environment lacks them. */
  write: write({ tags: sharedTags(), alt: fixedAlt() }).prefault({}),
});
type Options = z.infer<typeof schema>;

const maxAge = 30_000;
const version1 = "application/vnd.contentful.management.v1+json";

const published = z.object({
  sys: z.object({ id: z.string().min(1), type: z.string() }),
  fields: z
    .object({
      file: z.record(
        z.string(),
        z.object({ url: z.string().optional(), contentType: z.string().optional() }),
      ),
    })
    .optional(),
});
const link = z.looseObject({ sys: z.looseObject({ id: z.string() }) });
const managed = z.looseObject({
  sys: z.looseObject({ version: z.number(), publishedVersion: z.number().optional() }),
  fields: z.looseObject({ description: z.record(z.string(), z.string()).optional() }),
  metadata: z.looseObject({ tags: z.array(link).default([]) }).default({ tags: [] }),
});

/** Contentful: topics `Asset.publish` and `Asset.delete`, signed by request verification. */
export const contentful: Kind<Options> = {
  schema,

  async verify(received, source) {
    const { headers, now } = received;
    if (!isFresh(timestamp(headers.get("x-contentful-timestamp"), "ms"), now, maxAge, maxAge))
      return null;
    const names = (headers.get("x-contentful-signed-headers") ?? "")
      .split(",")
      .map((name) => name.trim().toLowerCase());
    if (!names.includes("x-contentful-timestamp") || !names.includes("x-contentful-signed-headers"))
      return null;
    const signed = canonical(received, names);
    const signature = fromHex(headers.get("x-contentful-signature"));
    if (
      !(await anySecret(source.secrets, (secret) =>
        verifyHmac("SHA-256", secret, signed, signature),
      ))
    )
      return null;
    const id = names.includes("x-contentful-idempotency-key")
      ? headers.get("x-contentful-idempotency-key")
      : null;
    return { delivery: id ?? (await sha256(signed)) };
  },

  events(body) {
    const { sys, fields } = published.parse(body);
    if (sys.type === "DeletedAsset") return [{ type: "delete", asset: sys.id }];
    if (sys.type !== "Asset" || fields === undefined) return [];
    const found = Object.entries(fields.file).find(([, file]) => file.url !== undefined);
    if (found === undefined || !found[1].contentType?.startsWith("image/")) return [];
    const [locale, { url = "" }] = found;
    return [
      {
        type: "upload",
        asset: sys.id,
        identity: url,
        ref: { url: new URL(url, "https://images.ctfassets.net").href, locale },
      },
    ];
  },

  async locate({ ref }) {
    return { url: ref.url ?? "" };
  },

  async write({ asset, ref }, words, { options }, api, wrote) {
    if (options.write === false) return wrote;
    const { tags: tagSettings, alt: altSettings } = options.write;
    const path = `/assets/${encodeURIComponent(asset)}`;
    const current = await api.call(managed, path);
    const locale = ref.locale ?? "en-US";
    const altText =
      altSettings && mergeAlt(current.fields.description?.[locale], words.alt, wrote.alt);
    const ids = current.metadata.tags.map(({ sys }) => sys.id);
    const list = tagSettings && mergeTags(ids, words.tags.map(tagId), tagId(tagSettings.prefix));
    if (typeof altText !== "string" && !list) return wrote;
    if (list)
      await makeTags(
        api,
        list.filter((id) => !ids.includes(id)),
      );
    const changed = {
      fields:
        typeof altText === "string"
          ? { ...current.fields, description: { ...current.fields.description, [locale]: altText } }
          : current.fields,
      metadata: {
        ...current.metadata,
        tags: (list || ids).map((id) => ({ sys: { type: "Link", linkType: "Tag", id } })),
      },
    };
    const saved = await api.call(managed, path, {
      method: "PUT",
      json: changed,
      headers: versioned(current.sys.version),
    });
    // A published asset's version is one more than the published one; anything else is a person's draft.
    if (
      current.sys.publishedVersion !== undefined &&
      current.sys.version === current.sys.publishedVersion + 1
    ) {
      await api.call(z.unknown(), `${path}/published`, {
        method: "PUT",
        headers: versioned(saved.sys.version),
      });
    }
    return typeof altText === "string" ? { alt: altText } : wrote;
  },
};

/** What Contentful signs: method, path, the signed headers in order of name, and the raw body. */
function canonical(
  { method, path, headers, body }: Received,
  names: string[],
): Uint8Array<ArrayBuffer> {
  const [pathname = "", search] = path.split("?");
  const signedPath = encodeURI(
    search === undefined ? pathname : `${pathname}?${encodeURIComponent(search)}`,
  );
  const lines = [...names].sort().map((name) => `${name}:${(headers.get(name) ?? "").trim()}`);
  return join(`${method}\n${signedPath}\n${lines.join(";")}\n`, body);
}

/** Contentful's ids allow letters, digits, dash, underscore and dot. */
const tagId = (text: string): string => text.replace(/[^\w.-]+/g, "-").slice(0, 64);

async function makeTags(api: CmsApi, ids: string[]): Promise<void> {
  for (const id of ids) {
    const path = `/tags/${id}`;
    if ((await api.call(z.unknown(), path, { missing: null })) !== null) continue;
    const json = { name: id, sys: { id, type: "Tag", visibility: "private" } };
    await api.call(z.unknown(), path, {
      method: "PUT",
      json,
      headers: { "content-type": version1 },
    });
  }
}

const versioned = (version: number): Record<string, string> => ({
  "content-type": version1,
  "x-contentful-version": String(version),
});
