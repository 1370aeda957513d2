const encoder = new TextEncoder();

/** Whether two secrets are equal, in constant time: only their digests are compared. */
export async function sameSecret(given: string | null, expected: string): Promise<boolean> {
  if (given === null) return false;
  const [a, b] = await Promise.all([given, expected].map(digest));
  return a !== undefined && b !== undefined && sameBytes(a, b);
}

const digest = async (text: string): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(text)));

/**
 * Whether two digests are equal, compared by the platform's own primitive: workerd's
 * `timingSafeEqual`. Other hosts' WebCrypto has none but verifies an HMAC in constant time: both are
 * keyed with one random key, so that nothing of their contents shows in the time it takes.
 */
export async function sameBytes(
  a: Uint8Array<ArrayBuffer>,
  b: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  if (a.length !== b.length) return false;
  if ("timingSafeEqual" in crypto.subtle) return crypto.subtle.timingSafeEqual(a, b);
  const subtle: Pick<SubtleCrypto, "importKey" | "sign" | "verify"> = crypto.subtle;
  const random = crypto.getRandomValues(new Uint8Array(32));
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await subtle.importKey("raw", random, algorithm, false, ["sign", "verify"]);
  return subtle.verify("HMAC", key, await subtle.sign("HMAC", key, a), b);
}
