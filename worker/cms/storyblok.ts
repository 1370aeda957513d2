import { z } from "zod";
import { RemoteError } from "../fetch/remote-error.ts";
import type { CmsApi } from "./api.ts";
import type { Kind } from "./kind.ts";
import { mergeAlt, mergeTags } from "./merge.ts";
import { base, fixedAlt, hosts, sharedTags, write } from "./options.ts";
import { anySecret, fromHex, sha256, verifyHmac } from "./signing.ts";

const schema = z.strictObject({
  kind: z.literal("storyblok"),
  /** `https://mapi.storyblok.com/v1/spaces/<space>`. */
  base,
  hosts: hosts("a.storyblok.com", "a2.storyblok.com"),
  write: write({ tags: sharedTags(), alt: fixedAlt() }).prefault({}),
});
type Options = z.infer<typeof schema>;

const event = z.object({
  action: z.string(),
  asset_id: z.number().int().optional(),
  space_id: z.number().int(),
});
const described = z.looseObject({
  filename: z.string(),
  content_type: z.string().nullish(),
  internal_tags_list: z.array(z.looseObject({ id: z.number(), name: z.string() })).nullish(),
  meta_data: z.record(z.string(), z.unknown()).nullish(),
});
const tag = z.object({ id: z.number(), name: z.string() });
const pageSize = 100;

/** Storyblok: asset events, which carry an id and no address; never sends twice. */
export const storyblok: Kind<Options> = {
  schema,
  authorize: (token) => ({ authorization: token }),

  async verify({ headers, body }, source) {
    const signature = fromHex(headers.get("webhook-signature"));
    if (
      !(await anySecret(source.secrets, (secret) => verifyHmac("SHA-1", secret, body, signature)))
    )
      return null;
    // Without a time or an id two replacements of one asset are byte-identical; a first creation is not.
    const once = new TextDecoder().decode(body).includes('"created"');
    return { delivery: once ? await sha256(body) : null };
  },

  events(body, { options }) {
    const { action, asset_id, space_id } = event.parse(body);
    if (asset_id === undefined || !options.base.endsWith(`/spaces/${space_id}`)) return [];
    const asset = String(asset_id);
    if (action === "deleted") return [{ type: "delete", asset }];
    if (!["created", "replaced", "restored"].includes(action)) return [];
    return [{ type: "upload", asset, identity: asset, replaced: action === "replaced", ref: {} }];
  },

  async locate({ asset }, _source, api) {
    const { filename, content_type } = await api.call(described, `/assets/${asset}`);
    if (content_type != null && !content_type.startsWith("image/")) {
      throw new RemoteError("unsupported_type", `The asset is ${content_type}.`, false);
    }
    // The management API names the storage behind the CDN; only the CDN is public.
    return {
      url: filename
        .replace(/^(https:)?\/\/s3\.amazonaws\.com\//, "https://")
        .replace(/^\/\//, "https://"),
    };
  },

  async write({ asset }, words, { options }, api, wrote) {
    if (options.write === false) return wrote;
    const { tags: tagSettings, alt: altSettings } = options.write;
    const current = await api.call(described, `/assets/${asset}`);
    const meta = current.meta_data ?? {};
    const change: Record<string, unknown> = {};
    const altText =
      altSettings && mergeAlt(z.string().nullish().parse(meta.alt), words.alt, wrote.alt);
    if (typeof altText === "string") change.meta_data = { ...meta, alt: altText };
    const had = current.internal_tags_list ?? [];
    const list =
      tagSettings &&
      mergeTags(
        had.map(({ name }) => name),
        words.tags,
        tagSettings.prefix,
      );
    if (list) change.internal_tag_ids = await tagIds(api, list, had);
    if (Object.keys(change).length > 0)
      await api.call(z.unknown(), `/assets/${asset}`, { method: "PUT", json: change });
    return typeof altText === "string" ? { alt: altText } : wrote;
  },
};

/** The ids of tags by name; tags the space lacks are made. */
async function tagIds(
  api: CmsApi,
  names: string[],
  known: { id: number; name: string }[],
): Promise<number[]> {
  const ids = new Map(known.map(({ id, name }) => [name, id]));
  for (let page = 1; names.some((name) => !ids.has(name)); page++) {
    const { internal_tags } = await api.call(
      z.object({ internal_tags: z.array(tag) }),
      `/internal_tags?by_object_type=asset&per_page=${pageSize}&page=${page}`,
    );
    for (const { id, name } of internal_tags) if (!ids.has(name)) ids.set(name, id);
    if (internal_tags.length < pageSize) break;
  }
  for (const name of names.filter((wanted) => !ids.has(wanted))) {
    const json = { internal_tag: { name, object_type: "asset" } };
    const made = await api.call(z.object({ internal_tag: tag }), "/internal_tags", {
      method: "POST",
      json,
    });
    ids.set(name, made.internal_tag.id);
  }
  return names.flatMap((name) => ids.get(name) ?? []);
}
