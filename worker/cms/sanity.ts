import { z } from "zod";
import type { Kind } from "./kind.ts";
import { mergeAlt, mergeTags } from "./merge.ts";
import { alt, base, hosts, metadata, tags, write } from "./options.ts";
import { anySecret, fromBase64, isFresh, join, sha256, timestamp, verifyHmac } from "./signing.ts";

const schema = z.strictObject({
  kind: z.literal("sanity"),
  /** `https://<project>.api.sanity.io/v<date>`. */
  base,
  dataset: z
    .string()
    .regex(/^[a-z0-9_-]+$/)
    .default("production"),
  hosts: hosts("cdn.sanity.io"),
  /** The default tags field is wholly ours: Sanity's asset documents have none of their own. */
  write: write({ tags: tags("hemlineTags", ""), alt: alt("altText"), metadata }).prefault({}),
});
type Options = z.infer<typeof schema>;

const document = z.object({
  _id: z.string().min(1),
  _type: z.string().optional(),
  operation: z.string().optional(),
  url: z.string().optional(),
  mimeType: z.string().optional(),
});
const maxAge = 5 * 60_000;

/**
 * Sanity, a GROQ-powered webhook on `_type == "sanity.imageAsset"`. The vendor's library checks the same
 * signature but takes one of any age and compares with `!==`; hence the platform's own HMAC.
 */
export const sanity: Kind<Options> = {
  schema,

  async verify({ headers, body, now }, source) {
    const match = /^t=(\d+)[, ]+v1=([^, ]+)$/.exec(
      headers.get("sanity-webhook-signature")?.trim() ?? "",
    );
    const time = match?.[1] ?? null;
    if (!isFresh(timestamp(time, "ms"), now, maxAge)) return null;
    const signed = join(`${time}.`, body);
    const signature = fromBase64(match?.[2] ?? null, true);
    if (
      !(await anySecret(source.secrets, (secret) =>
        verifyHmac("SHA-256", secret, signed, signature),
      ))
    )
      return null;
    return { delivery: await sha256(signed) };
  },

  events(body) {
    const { _id, _type, operation, url, mimeType } = document.parse(body);
    if (!_id.startsWith("image-") || (_type !== undefined && _type !== "sanity.imageAsset"))
      return [];
    if (operation === "delete") return [{ type: "delete", asset: _id }];
    if (mimeType !== undefined && !mimeType.startsWith("image/")) return [];
    // The id holds the file's SHA-1, so it is the file's identity; `_rev` would rise with our own patch.
    return [{ type: "upload", asset: _id, identity: _id, ref: { url: z.string().parse(url) } }];
  },

  async locate({ ref }) {
    return { url: ref.url ?? "" };
  },

  async write({ asset }, words, { options }, api, wrote) {
    if (options.write === false) return wrote;
    const { tags: tagSettings, alt: altSettings, metadata: metadataSettings } = options.write;
    const read = z.object({ documents: z.array(z.looseObject({ _rev: z.string() })) });
    const path = `/data/doc/${options.dataset}/${encodeURIComponent(asset)}`;
    const current = (await api.call(read, path)).documents[0];
    if (current === undefined) return wrote;
    const change: Record<string, unknown> = {};
    const altText =
      altSettings &&
      mergeAlt(z.string().nullish().parse(current[altSettings.field]), words.alt, wrote.alt);
    if (altSettings && typeof altText === "string") change[altSettings.field] = altText;
    const list =
      tagSettings &&
      mergeTags(
        z.array(z.string()).nullish().parse(current[tagSettings.field]) ?? [],
        words.tags,
        tagSettings.prefix,
      );
    if (tagSettings && list) change[tagSettings.field] = list;
    if (metadataSettings) change[metadataSettings.field] = words.json;
    if (Object.keys(change).length > 0) {
      // The revision makes the patch fail (409) where somebody wrote since the read.
      const patch = { id: asset, ifRevisionID: current._rev, set: change };
      await api.call(z.unknown(), `/data/mutate/${options.dataset}`, {
        method: "POST",
        json: { mutations: [{ patch }] },
      });
    }
    return typeof altText === "string" ? { alt: altText } : wrote;
  },
};
