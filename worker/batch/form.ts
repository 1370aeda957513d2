import {
  getMultipartBoundary,
  MaxFileSizeExceededError,
  MaxTotalSizeExceededError,
  MultipartParseError,
  MultipartParser,
  type MultipartPart,
} from "@remix-run/multipart-parser";
import type { Share } from "../bodies.ts";
import { HemlineError } from "../errors.ts";
import { type Paced, paced } from "../paced.ts";
import { EARNEST } from "../read-limited.ts";
import { MAX_PICTURES } from "../schemas/batch.ts";

/** All of a form, in bytes. */
export const MAX_FORM = 32_000_000;

/** Fields beside the pictures are passed over, up to a point. */
const OTHER_FIELDS = 16;

/**
 * The pictures of a form, each as soon as it is in: every file of the field `image`, in their order.
 * The form's whole length is taken from the room for bodies once its first part has come.
 *
 * Throws `body_too_large` for a declared length, `busy`, `body_timeout`, and `bad_request` for a form
 * that breaks off or has more than `MAX_PICTURES`.
 */
export async function* picturesOf(request: Request, share: Share): AsyncGenerator<Uint8Array> {
  const { headers, body } = paced(request);
  const boundary = getMultipartBoundary(headers.get("content-type") ?? "");
  const declared = Number(headers.get("content-length") ?? MAX_FORM) || MAX_FORM;
  if (declared > MAX_FORM || !boundary || !body) {
    await body?.cancel();
    throw declared > MAX_FORM ? tooLarge() : unreadable();
  }
  let count = 0;
  for await (const part of partsOf(body, boundary, declared, share)) {
    if (part.name !== "image") continue;
    if (++count > MAX_PICTURES) {
      throw new HemlineError("bad_request", `A batch has at most ${MAX_PICTURES} pictures.`);
    }
    yield part.bytes;
  }
  if (count === 0) throw new HemlineError("bad_request", "The form has no field `image`.");
}

async function* partsOf(
  body: NonNullable<Paced["body"]>,
  boundary: string,
  bytes: number,
  share: Share,
): AsyncGenerator<MultipartPart> {
  const limits = { maxFileSize: bytes, maxTotalSize: bytes, maxParts: MAX_PICTURES + OTHER_FIELDS };
  const parser = new MultipartParser(boundary, limits);
  let come = 0;
  let taken = 0;
  try {
    for await (const chunk of body) {
      come += chunk.length;
      // Who sends nothing keeps nobody out.
      const wanted = come < EARNEST ? come : bytes;
      if (wanted > taken) share.take(wanted - taken);
      taken = Math.max(taken, wanted);
      yield* parser.write(chunk);
    }
    parser.finish();
  } catch (error) {
    if (error instanceof MaxFileSizeExceededError || error instanceof MaxTotalSizeExceededError) {
      throw tooLarge();
    }
    throw error instanceof MultipartParseError || error instanceof TypeError ? unreadable() : error;
  }
}

const unreadable = () => new HemlineError("bad_request", "The form cannot be read.");
const tooLarge = () =>
  new HemlineError("body_too_large", `A form may have ${MAX_FORM / 1_000_000} MB in all.`);
