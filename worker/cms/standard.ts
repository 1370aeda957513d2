import { Webhook } from "standardwebhooks";
import { z } from "zod";
import type { Kind, Upload } from "./kind.ts";
import { mergeAlt, mergeTags } from "./merge.ts";
import { alt, base, hosts, metadata, scheme, tags, write } from "./options.ts";

const schema = z.strictObject({
  kind: z.literal("standard"),
  base: base.optional(),
  hosts: hosts(),
  auth: z
    .strictObject({ scheme: scheme("Bearer"), pictures: z.boolean().default(false) })
    .prefault({}),
  write: write({
    /** Path under `base`; `{id}` is the asset's id. Read with GET before each write. */
    path: z.string().startsWith("/").includes("{id}"),
    method: z.enum(["PATCH", "PUT", "POST"]).default("PATCH"),
    tags: tags("tags"),
    alt: alt("alt"),
    metadata,
  }).default(false),
});
type Options = z.infer<typeof schema>;

const id = z.union([z.string().min(1), z.number()]).transform(String);
const picture = z.object({
  id,
  url: z.string().optional(),
  source_url: z.string().optional(),
  mime_type: z.string().optional(),
  mimeType: z.string().optional(),
  filesize: z.number().optional(),
});
const envelope = z.object({
  event: z.string().optional(),
  type: z.string().optional(),
  data: z.unknown().optional(),
  doc: z.unknown().optional(),
});

/**
 * Standard Webhooks (github.com/standard-webhooks): the contract for Payload, WordPress and anything
 * of one's own. Body: `{"type": "media.created", "data": {"id", "url", "mime_type", "filesize"}}`; a
 * type that ends in "deleted" erases. Payload's `doc` and WordPress's flat form are read as they are.
 */
export const standard: Kind<Options> = {
  schema,

  async verify(received, source) {
    const headers = Object.fromEntries(received.headers);
    // Strict, because a lenient decoder would turn different bytes into one text.
    let text: string;
    try {
      text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(received.body);
    } catch {
      return null;
    }
    for (const secret of source.secrets) {
      try {
        new Webhook(secret).verify(text, headers, { jsonParse: false });
        return { delivery: headers["webhook-id"] ?? null };
      } catch {
        // Not signed by this secret, or too old, or from the future.
      }
    }
    return null;
  },

  events(body) {
    const { event, type, data, doc } = envelope.parse(body);
    const name = z.string().parse(type ?? event);
    const subject = data ?? doc ?? body;
    if (/delete[d]?$/.test(name))
      return [{ type: "delete", asset: z.object({ id }).parse(subject).id }];
    if (!/(create|created|upload|uploaded|update|updated)$/.test(name)) return [];
    const parsed = picture.parse(subject);
    const mime = parsed.mime_type ?? parsed.mimeType;
    if (mime !== undefined && !mime.startsWith("image/")) return [];
    const url = z.url({ protocol: /^https?$/ }).parse(parsed.url ?? parsed.source_url);
    return [
      {
        type: "upload",
        asset: parsed.id,
        identity: `${url}:${parsed.filesize ?? ""}`,
        ref: { url },
      } satisfies Upload,
    ];
  },

  authorize: (token, { options }) => authorization(token, options.auth.scheme),

  async locate({ ref }, { options, token }) {
    const url = ref.url ?? "";
    const ours = options.base !== undefined && new URL(url).origin === new URL(options.base).origin;
    if (!options.auth.pictures || !ours || token === undefined) return { url };
    return { url, headers: authorization(token, options.auth.scheme) };
  },

  async write({ asset }, words, { options }, api, wrote) {
    if (options.write === false) return wrote;
    const {
      path: pattern,
      method,
      tags: tagSettings,
      alt: altSettings,
      metadata: metadataSettings,
    } = options.write;
    const path = pattern.replaceAll("{id}", encodeURIComponent(asset));
    const current = await api.call(z.record(z.string(), z.unknown()), path);
    const change: Record<string, unknown> = {};
    const altText =
      altSettings &&
      mergeAlt(z.string().nullish().parse(get(current, altSettings.field)), words.alt, wrote.alt);
    if (altSettings && typeof altText === "string") set(change, altSettings.field, altText);
    const list =
      tagSettings &&
      mergeTags(
        z.array(z.string()).nullish().parse(get(current, tagSettings.field)) ?? [],
        words.tags,
        tagSettings.prefix,
      );
    if (tagSettings && list) set(change, tagSettings.field, list);
    if (metadataSettings) set(change, metadataSettings.field, JSON.parse(words.json));
    if (Object.keys(change).length > 0) await api.call(z.unknown(), path, { method, json: change });
    return typeof altText === "string" ? { alt: altText } : wrote;
  },
};

function authorization(token: string, scheme: string): Record<string, string> {
  return { authorization: `${scheme} ${token}`.trim() };
}

function get(object: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (value, key) => z.record(z.string(), z.unknown()).safeParse(value).data?.[key],
      object,
    );
}

function set(object: Record<string, unknown>, path: string, value: unknown): void {
  const keys = path.split(".");
  const last = keys.pop() ?? path;
  let target = object;
  for (const key of keys) {
    const next = z.record(z.string(), z.unknown()).safeParse(target[key]).data ?? {};
    target[key] = next;
    target = next;
  }
  Object.defineProperty(target, last, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
