/** How each kind of sender signs: for trying a source out, and for the tests. No code of the worker. */
import { encodeSignatureHeader } from "@sanity/webhook";
import { Webhook } from "standardwebhooks";

/** A body's headers, signed with `key` as if sent at `now` (ms) to `path`. */
export type Signer = (
  body: string,
  key: string,
  now: number,
  path?: string,
) => Promise<Record<string, string>>;

type Bytes = ArrayBuffer | Uint8Array<ArrayBuffer>;

export const bytesOf = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(new TextEncoder().encode(text));
export const base64 = (bytes: Bytes): string => btoa(String.fromCharCode(...new Uint8Array(bytes)));
export const base64url = (bytes: Bytes): string =>
  base64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
export const hex = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function hmac(hash: "SHA-1" | "SHA-256", key: string, text: string): Promise<ArrayBuffer> {
  const algorithm = { name: "HMAC", hash };
  const imported = await crypto.subtle.importKey("raw", bytesOf(key), algorithm, false, ["sign"]);
  return crypto.subtle.sign("HMAC", imported, bytesOf(text));
}

const bearer: Signer = async (_body, key) => ({ authorization: `Bearer ${key}` });

export const signers = {
  async standard(body, key, now) {
    const id = `msg_${hex(await crypto.subtle.digest("SHA-256", bytesOf(body))).slice(0, 24)}`;
    return {
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(now / 1000)),
      "webhook-signature": new Webhook(key).sign(id, new Date(now), body),
    };
  },
  strapi: bearer,
  directus: bearer,
  async sanity(body, key, now) {
    return { "sanity-webhook-signature": await encodeSignatureHeader(body, now, key) };
  },
  async contentful(body, key, now, path = "/") {
    const signed: Record<string, string> = {
      "x-contentful-signed-headers":
        "x-contentful-signed-headers,x-contentful-timestamp,x-contentful-topic",
      "x-contentful-timestamp": String(now),
      "x-contentful-topic": "ContentManagement.Asset.publish",
    };
    const lines = Object.entries(signed).map(([name, value]) => `${name}:${value}`);
    const text = `POST\n${path}\n${lines.join(";")}\n${body}`;
    return { ...signed, "x-contentful-signature": hex(await hmac("SHA-256", key, text)) };
  },
  async shopify(body, key) {
    return { "x-shopify-hmac-sha256": base64(await hmac("SHA-256", key, body)) };
  },
  async storyblok(body, key) {
    return { "webhook-signature": hex(await hmac("SHA-1", key, body)) };
  },
  async cloudinary(body, key, now) {
    const time = String(Math.floor(now / 1000));
    const digest = await crypto.subtle.digest("SHA-1", bytesOf(body + time + key));
    return { "x-cld-timestamp": time, "x-cld-signature": hex(digest) };
  },
} satisfies Record<string, Signer>;

/** A token as a Directus Flow's JWT operation makes it, for one file and five minutes. */
export async function directusToken(
  file: string,
  key: string,
  now: number,
): Promise<Record<string, string>> {
  const part = (value: object) => base64url(bytesOf(JSON.stringify(value)));
  const iat = Math.floor(now / 1000);
  const claims = { sub: file, ev: "files.upload", iat, exp: iat + 300, iss: "directus" };
  const head = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
  return { authorization: `Bearer ${head}.${base64url(await hmac("SHA-256", key, head))}` };
}
