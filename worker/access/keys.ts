import { z } from "zod";
import type { Env } from "../app.ts";
import { fromHex } from "../cms/signing.ts";
import { HemlineError } from "../errors.ts";
import { sameBytes } from "../secret.ts";

/** SHA-256 of a key, in hex. A key is 32 random bytes, so that no salt or stretching is needed. */
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "must be 64 hex digits: see `hemline key:new`");
const entry = z.union([
  sha256.transform((hash) => ({ sha256: hash, expires: undefined, tier: "standard" as const })),
  z.strictObject({
    sha256,
    /** From this day or moment on (UTC) the key is refused. */
    expires: z.union([z.iso.date(), z.iso.datetime({ offset: true })]).optional(),
    tier: z.enum(["standard", "high"]).default("standard"),
  }),
]);
const table = z.record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/), entry);

/** Whoever showed a valid key. */
export interface Caller {
  /** The key's name: it appears in logs, the key never does. */
  name: string;
  tier: "standard" | "high";
}

interface Key extends Caller {
  hash: Uint8Array<ArrayBuffer>;
  /** ms since the epoch; Infinity without an end. */
  expires: number;
}

/**
 * The keys in `HEMLINE_API_KEYS`: JSON `{name: sha256}` or `{name: {sha256, expires, tier}}`. Any
 * number is valid at once, which is how one is replaced without a pause. Throws `bad_configuration`.
 */
export function readKeys({ HEMLINE_API_KEYS: text = "" }: Env): readonly Key[] {
  if (text === known.text) return known.keys;
  const parsed = text === "" ? { success: true as const, data: {} } : table.safeParse(parse(text));
  if (!parsed.success) {
    console.error(`HEMLINE_API_KEYS: ${z.prettifyError(parsed.error)}`);
    throw new HemlineError("bad_configuration", "HEMLINE_API_KEYS: the log says what is wrong.");
  }
  const keys = Object.entries(parsed.data).map(([name, { sha256: hash, expires, tier }]) => {
    const end = expires === undefined ? Number.POSITIVE_INFINITY : Date.parse(expires);
    return { name, tier, expires: end, hash: fromHex(hash) ?? new Uint8Array() };
  });
  known = { text, keys };
  return keys;
}

/** A Worker's secrets do not change while it runs. */
let known: { text: string; keys: readonly Key[] } = { text: "", keys: [] };

/** Whose key it is; null where it is nobody's, or expired. Every key is compared, in constant time. */
export async function findCaller(
  shown: string,
  keys: readonly Key[],
  now: number,
): Promise<Caller | null> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(shown)));
  const same = await Promise.all(keys.map((key) => sameBytes(hash, key.hash)));
  return keys.find((key, i) => same[i] && now < key.expires) ?? null;
}

const encoder = new TextEncoder();

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
