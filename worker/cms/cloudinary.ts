import { z } from "zod";
import { sameSecret } from "../secret.ts";
import type { Kind } from "./kind.ts";
import { mergeAlt, mergeTags } from "./merge.ts";
import { alt, base, hosts, metadata, sharedTags, write } from "./options.ts";
import { anySecret, isFresh, join, sha256, timestamp, toHex } from "./signing.ts";

const schema = z.strictObject({
  kind: z.literal("cloudinary"),
  /** `https://api.cloudinary.com/v1_1/<cloud>`. */
  base,
  hosts: hosts("res.cloudinary.com"),
  /** Fields are keys of the asset's contextual metadata. */
  write: write({ tags: sharedTags(), alt: alt("alt"), metadata }).prefault({}),
});
type Options = z.infer<typeof schema>;

const maxAge = 7200_000;
const resource = z.object({
  asset_id: z.string().min(1),
  public_id: z.string().min(1),
  version: z.number(),
  resource_type: z.string(),
  type: z.string().default("upload"),
  secure_url: z.string(),
});
const removed = z.object({ resources: z.array(z.object({ asset_id: z.string().min(1) })) });
const described = z.object({
  tags: z.array(z.string()).default([]),
  context: z
    .object({ custom: z.record(z.string(), z.string()).default({}) })
    .default({ custom: {} }),
});

/** Cloudinary: upload and delete notifications, signed with the API secret by a plain hash. */
export const cloudinary: Kind<Options> = {
  schema,
  authorize: (token) => ({ authorization: `Basic ${btoa(token)}` }),

  async verify({ headers, body, now }, source) {
    const time = headers.get("x-cld-timestamp");
    const signature = headers.get("x-cld-signature");
    if (signature === null || !isFresh(timestamp(time, "s"), now, maxAge)) return null;
    const hash = signature.length === 64 ? "SHA-256" : "SHA-1";
    const signed = join(body, time ?? "");
    const matches = async (secret: string): Promise<boolean> =>
      sameSecret(
        signature.toLowerCase(),
        toHex(await crypto.subtle.digest(hash, join(signed, secret))),
      );
    return (await anySecret(source.secrets, matches)) ? { delivery: await sha256(signed) } : null;
  },

  events(body) {
    const { notification_type } = z.object({ notification_type: z.string() }).parse(body);
    if (notification_type === "delete") {
      return removed
        .parse(body)
        .resources.map(({ asset_id }) => ({ type: "delete", asset: asset_id }));
    }
    if (notification_type !== "upload") return [];
    const { asset_id, public_id, version, resource_type, type, secure_url } = resource.parse(body);
    if (resource_type !== "image") return [];
    // The version rises with each upload of the file, not with changes of its tags or context.
    return [
      {
        type: "upload",
        asset: asset_id,
        identity: String(version),
        ref: { url: secure_url, publicId: public_id, delivery: type },
      },
    ];
  },

  async locate({ ref }) {
    return { url: ref.url ?? "" };
  },

  async write({ ref }, words, { options }, api, wrote) {
    if (options.write === false) return wrote;
    const { tags: tagSettings, alt: altSettings, metadata: metadataSettings } = options.write;
    const publicId = (ref.publicId ?? "").split("/").map(encodeURIComponent).join("/");
    const path = `/resources/image/${encodeURIComponent(ref.delivery ?? "upload")}/${publicId}`;
    const { tags, context } = await api.call(described, path);
    const form = new URLSearchParams();
    // Both lists are replaced as a whole, so everything that stands there is sent again.
    const list = tagSettings && mergeTags(tags, words.tags, tagSettings.prefix);
    if (list) form.set("tags", list.join(","));
    const custom: Record<string, string> = { ...context.custom };
    const altText = altSettings && mergeAlt(custom[altSettings.field], words.alt, wrote.alt);
    if (altSettings && typeof altText === "string") custom[altSettings.field] = altText;
    if (metadataSettings) custom[metadataSettings.field] = words.json;
    if (typeof altText === "string" || metadataSettings) form.set("context", encodeContext(custom));
    if (form.size > 0) await api.call(z.unknown(), path, { method: "POST", form });
    return typeof altText === "string" ? { alt: altText } : wrote;
  },
};

/** `key=value|key=value`, where `=` and `|` inside a value are escaped. */
function encodeContext(context: Record<string, string>): string {
  return Object.entries(context)
    .map((pair) => pair.map((text) => text.replace(/[=|\\]/g, "\\$&")).join("="))
    .join("|");
}
