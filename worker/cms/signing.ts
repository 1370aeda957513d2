const encoder = new TextEncoder();

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Whether `signature` is the HMAC of `message`. The comparison is the platform's own
 * (`crypto.subtle.verify`), in constant time.
 */
export async function verifyHmac(
  hash: "SHA-256" | "SHA-1",
  secret: string,
  message: Bytes,
  signature: Bytes | null,
): Promise<boolean> {
  if (signature === null) return false;
  const key = await crypto.subtle.importKey(
    "raw",
    encoder.encode(secret),
    { name: "HMAC", hash },
    false,
    ["verify"],
  );
  return crypto.subtle.verify("HMAC", key, signature, message);
}

/** Whether any of the secrets passes: how one secret is rotated into the next. */
export async function anySecret(
  secrets: string[],
  test: (secret: string) => Promise<boolean>,
): Promise<boolean> {
  for (const secret of secrets) if (await test(secret)) return true;
  return false;
}

/** SHA-256 in lower-case hex. */
export async function sha256(bytes: Bytes): Promise<string> {
  return toHex(await crypto.subtle.digest("SHA-256", bytes));
}

export function toHex(buffer: ArrayBuffer): string {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Bytes of a hex string, or null where it is not one. */
export function fromHex(text: string | null): Bytes | null {
  if (text === null || text.length % 2 === 1 || !/^[0-9a-f]+$/i.test(text)) return null;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Bytes of base64 or, where `url`, of base64url without padding; null where it is neither. */
export function fromBase64(text: string | null, url = false): Bytes | null {
  if (text === null) return null;
  const pattern = url ? /^[A-Za-z0-9_-]+$/ : /^[A-Za-z0-9+/]+={0,2}$/;
  if (!pattern.test(text)) return null;
  try {
    const plain = url ? text.replaceAll("-", "+").replaceAll("_", "/") : text;
    return Uint8Array.from(atob(plain), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

/** The parts as bytes, one after another. */
export function join(...parts: (string | Bytes)[]): Bytes {
  const chunks = parts.map((part) => (typeof part === "string" ? encoder.encode(part) : part));
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}

/**
 * A header that is a plain count of seconds or milliseconds, as milliseconds; null where it is
 * anything else ("12abc" included).
 */
export function timestamp(header: string | null, unit: "s" | "ms"): number | null {
  if (header === null || !/^\d{1,15}$/.test(header)) return null;
  return Number(header) * (unit === "s" ? 1000 : 1);
}

/** Whether a time is neither older than `maxAge` nor more than `maxSkew` (both ms) in the future. */
export function isFresh(
  time: number | null,
  now: number,
  maxAge: number,
  maxSkew = 5 * 60_000,
): boolean {
  return time !== null && now - time <= maxAge && time - now <= maxSkew;
}
