import type { Env } from "./app.ts";
import { sha256 } from "./cms/signing.ts";
import type { AnyHost } from "./host.ts";
import type { Tags } from "./schemas/tags.ts";
import { type TagOptions, tagImage } from "./tag-image.ts";

/** Where an answer came from; undefined where nothing is kept. */
export type CacheState = "hit" | "miss" | "bypass" | undefined;

/** How one request is answered: whether from the cache, and what outlives it. */
export interface Manner {
  env: Env;
  /** Look at the picture anew, whatever is kept. */
  bypass: boolean;
  /** Lets work go on after the answer. */
  later?: ((work: Promise<unknown>) => void) | undefined;
}

/** A day; the platform drops what is not asked for much sooner. */
const MAX_AGE = 86_400;

/**
 * The tags of a picture, from the platform's Cache API where they are kept: by the picture's SHA-256,
 * the model, everything that the caller asked, and the deployment (`VERSION`), so that no answer outlives
 * the code and the configuration that gave it. Nothing is kept without that binding, nor on other hosts.
 */
export async function cachedTags(
  bytes: Uint8Array,
  options: TagOptions,
  host: AnyHost,
  { env, bypass, later }: Manner,
): Promise<{ answer: Tags; state: CacheState }> {
  const cache = platformCache();
  if (cache === undefined || env.VERSION === undefined) {
    return { answer: await tagImage(bytes, options, host), state: undefined };
  }
  const key = await keyOf(bytes, options, host, env.VERSION.id);
  const kept = bypass ? undefined : await cache.match(key);
  if (kept !== undefined) return { answer: (await kept.json()) as Tags, state: "hit" };
  const answer = await tagImage(bytes, options, host);
  const headers = { "cache-control": `max-age=${MAX_AGE}` };
  const stored = cache.put(key, Response.json(answer, { headers })).catch((error: unknown) => {
    console.error("The cache took no answer.", error);
  });
  if (later) later(stored);
  else await stored;
  return { answer, state: bypass ? "bypass" : "miss" };
}

/** The one cache that Cloudflare's Cache API has by default; other hosts have none. */
function platformCache(): Cache | undefined {
  const { caches } = globalThis as unknown as { caches?: { default?: Cache } };
  return caches?.default;
}

/** The Cache API wants an address: nobody can reach this one. */
async function keyOf(
  bytes: Uint8Array,
  options: TagOptions,
  host: AnyHost,
  version: string,
): Promise<string> {
  const { model } = host;
  const { engine } = host.tagger();
  const asked = canonical({ version, engine, model: model.version, ...options });
  const [picture, rest] = await Promise.all([bytes, new TextEncoder().encode(asked)].map(digest));
  return `https://answers.hemline.invalid/${model.artefact}/${picture}/${rest}`;
}

/** In hex. Request bodies are never in shared memory, whatever the type allows. */
const digest = (bytes: Uint8Array) => sha256(bytes as Uint8Array<ArrayBuffer>);

/** The one text of a value: keys sorted at every depth, what is undefined left out. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** Whether a request asks for a fresh look: `?cache=no`, or `Cache-Control: no-cache` or `no-store`. */
export const wantsFresh = (headers: Headers, cache: "no" | undefined): boolean =>
  cache === "no" || /\bno-(cache|store)\b/i.test(headers.get("cache-control") ?? "");
