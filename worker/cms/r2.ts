import { z } from "zod";
import { RemoteError } from "../fetch/remote-error.ts";
import type { Kind } from "./kind.ts";
import { mergeLine } from "./merge.ts";
import { metadata, tags, write } from "./options.ts";

const schema = z.strictObject({
  kind: z.literal("r2"),
  bucket: z.string().min(1),
  /** The name of the Worker's R2 binding to that bucket. */
  binding: z.string().regex(/^[A-Z][A-Z0-9_]*$/),
  hosts: z
    .array(z.string())
    .max(0, "is not used: objects are read through the binding")
    .default([]),
  /** Fields are keys of the object's custom metadata, which only a rewrite of the object can change. */
  write: write({ tags: tags("hemline-tags", ""), metadata }).prefault({}),
});
type Options = z.infer<typeof schema>;

const event = z.object({
  action: z.string(),
  bucket: z.string(),
  object: z.object({ key: z.string().min(1), eTag: z.string().optional() }),
});

/**
 * Cloudflare R2: event notifications, which arrive in a queue of one's own account and so carry no
 * signature; over HTTP this kind verifies nothing and refuses everything.
 */
export const r2: Kind<Options> = {
  schema,
  verify: async () => null,

  events(body, { options }) {
    const { action, bucket, object } = event.parse(body);
    if (bucket !== options.bucket) return [];
    if (["DeleteObject", "LifecycleDeletion"].includes(action))
      return [{ type: "delete", asset: object.key }];
    if (!["PutObject", "CopyObject", "CompleteMultipartUpload"].includes(action)) return [];
    return [
      { type: "upload", asset: object.key, identity: z.string().parse(object.eTag), ref: {} },
    ];
  },

  async locate({ asset }, { bucket }) {
    const object = await bucket?.get(asset);
    if (!object) throw new RemoteError("cms_gone", "The bucket no longer has the object.", false);
    const headers = new Headers({ "content-length": String(object.size) });
    return { message: { headers, body: object.body } };
  },

  async write({ asset }, words, { options, bucket }, _api, wrote) {
    if (options.write === false) return wrote;
    const { tags: tagSettings, metadata: metadataSettings } = options.write;
    const object = await bucket?.get(asset);
    if (!object || !bucket)
      throw new RemoteError("cms_gone", "The bucket no longer has the object.", false);
    const custom: Record<string, string> = { ...object.customMetadata };
    if (tagSettings) {
      // Metadata travels in HTTP headers: an own key per source of words, one line of text.
      const line =
        tagSettings.prefix === ""
          ? words.tags.join(", ")
          : mergeLine(custom[tagSettings.field], words.tags, tagSettings.prefix);
      if (line !== null) custom[tagSettings.field] = line;
    }
    if (metadataSettings) custom[metadataSettings.field] = words.json;
    if (JSON.stringify(custom) === JSON.stringify(object.customMetadata ?? {})) {
      await object.body.cancel();
      return wrote;
    }
    const kept = await bucket.put(asset, object.body, {
      customMetadata: custom,
      ...(object.httpMetadata === undefined ? {} : { httpMetadata: object.httpMetadata }),
      onlyIf: { etagMatches: object.etag },
    });
    if (kept === null) throw new RemoteError("cms_conflict", "The object changed meanwhile.", true);
    return wrote;
  },
};
