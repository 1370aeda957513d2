import { z } from "zod";
import { fromBase64 } from "../base64.ts";
import type { Share } from "../bodies.ts";
import { HemlineError } from "../errors.ts";
import type { Policy } from "../fetch/check-url.ts";
import type { Transport } from "../fetch/follow.ts";
import { fetchPicture } from "../fetch/picture.ts";
import { paced } from "../paced.ts";
import { readLimited } from "../read-limited.ts";
import { Upload } from "../schemas/upload.ts";

/** The largest picture file taken, in bytes: a detailed photograph of 48 megapixels has 15 to 20 MB. */
export const MAX_BYTES = 20_000_000;

/** Room for what surrounds the picture in a form or in JSON. */
const WRAPPING = 64 * 1024;

/** A caller is waiting, so a picture elsewhere must come soon. */
const FETCH_LIMITS = { bytes: MAX_BYTES, timeout: 10_000 };

/**
 * The picture file in an upload: a raw body, a form's field `image`, or JSON: `{"base64": …}`, or
 * `{"url": …}` of a host that the policy lists.
 */
export async function pictureOf(
  request: Request,
  policy: Policy,
  share: Share,
  transport?: Transport,
): Promise<Uint8Array> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type === "multipart/form-data") return fromForm(request, share);
  if (type === "application/json") return fromJson(request, policy, share, transport);
  // Any other type may be declared, or none: the bytes themselves tell.
  return checked(await readLimited(paced(request), MAX_BYTES, tooLarge, share));
}

async function fromForm(request: Request, share: Share): Promise<Uint8Array> {
  const body = await readLimited(paced(request), MAX_BYTES + WRAPPING, tooLarge, share);
  const contentType = request.headers.get("content-type") ?? "";
  const form = await new Response(body, { headers: { "content-type": contentType } })
    .formData()
    .catch(() => {
      throw new HemlineError("bad_request", "The form cannot be read.");
    });
  const file = form.get("image");
  if (file === null) throw new HemlineError("bad_request", "The form has no field `image`.");
  if (typeof file === "string") {
    throw new HemlineError("bad_request", "The form's field `image` is text, not a file.");
  }
  return checked(new Uint8Array(await file.arrayBuffer()));
}

async function fromJson(
  request: Request,
  policy: Policy,
  share: Share,
  transport?: Transport,
): Promise<Uint8Array> {
  const limit = Math.ceil(MAX_BYTES / 3) * 4 + WRAPPING;
  const { base64, url = "" } = await readJson(request, Upload, limit, tooLarge, share);
  if (base64 !== undefined) return checked(decoded(base64));
  return fetched(url, policy, share, transport);
}

/** A picture that the caller names. */
export async function fetched(
  url: string,
  policy: Policy,
  share: Share,
  transport?: Transport,
): Promise<Uint8Array> {
  return checked(await fetchPicture({ url }, policy, FETCH_LIMITS, transport, share));
}

/** A body that the schema describes, of at most `limit` bytes. Throws `bad_request` for any other. */
export async function readJson<S extends z.ZodType>(
  request: Request,
  schema: S,
  limit: number,
  tooLarge: () => HemlineError,
  share: Share,
): Promise<z.output<S>> {
  const body = await readLimited(paced(request), limit, tooLarge, share);
  const parsed = schema.safeParse(parse(new TextDecoder().decode(body)));
  if (parsed.success) return parsed.data;
  const detail = `JSON of another shape: ${z.prettifyError(parsed.error)}`;
  throw new HemlineError("bad_request", detail);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HemlineError("bad_request", "The body is not JSON, though its type says so.");
  }
}

function decoded(text: string): Uint8Array {
  try {
    return fromBase64(text);
  } catch {
    throw new HemlineError("bad_request", "`base64` is not base64 (RFC 4648, section 4).");
  }
}

/** Throws `empty_body` and `image_too_large`. */
export function checked(bytes: Uint8Array): Uint8Array {
  if (bytes.length === 0) throw new HemlineError("empty_body", "There are no bytes to look at.");
  if (bytes.length > MAX_BYTES) throw tooLarge();
  return bytes;
}

const tooLarge = () =>
  new HemlineError("image_too_large", `A picture may have ${MAX_BYTES / 1_000_000} MB.`);
