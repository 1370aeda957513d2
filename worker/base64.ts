/** Node 24 lacks the methods that workerd and browsers have (ECMAScript 2026). */
const native = typeof Uint8Array.fromBase64 === "function";

/** Throws where `text` is not base64 (RFC 4648, section 4). */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  if (native) return Uint8Array.fromBase64(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** For short arrays: a map, a key. */
export function toBase64(bytes: Uint8Array): string {
  return native ? bytes.toBase64() : btoa(String.fromCharCode(...bytes));
}
