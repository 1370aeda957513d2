import { eachChunk } from "./chunks.ts";
import type { HemlineError } from "./errors.ts";

/** A message's headers and body: a request or a response. */
export interface Message {
  headers: Headers;
  body: (AsyncIterable<Uint8Array> & { cancel(): Promise<void> }) | null;
}

/** Bytes that must have come before the rest of a declared length is reserved. */
export const EARNEST = 256 * 1024;

/** What must agree before more bytes are held; it throws where it does not. */
export interface Room {
  take(bytes: number): void;
}

/**
 * A body's bytes, never holding more than `limit` of them: a declared length beyond it is refused
 * before reading, an undeclared one is cut off while it streams in. `room` is asked for the first part
 * at once, for the rest of a declared length when that part has come (who sends nothing keeps nobody
 * out), else as the bytes come.
 */
export async function readLimited(
  { headers, body }: Message,
  limit: number,
  tooLarge: () => HemlineError,
  room?: Room,
): Promise<Uint8Array<ArrayBuffer>> {
  const declared = Number(headers.get("content-length") ?? 0) || 0;
  if (declared > limit) {
    await body?.cancel();
    throw tooLarge();
  }
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    const first = Math.min(declared, EARNEST);
    room?.take(first);
    bytes = new Uint8Array(first);
  } catch (error) {
    await body?.cancel();
    throw error;
  }
  let length = 0;
  for await (const chunk of body instanceof ReadableStream ? eachChunk(body) : (body ?? [])) {
    const end = length + chunk.length;
    // Leaving the loop cancels the body.
    if (end > limit) throw tooLarge();
    if (end > bytes.length) {
      // Growing by half copies a body three times at most; the copy is counted while it is made.
      const grow = Math.max(end, Math.ceil(bytes.length * 1.5), 1 << 16);
      const larger = end <= declared ? declared : Math.min(limit, grow);
      room?.take(larger - bytes.length);
      const grown = new Uint8Array(larger);
      grown.set(bytes.subarray(0, length));
      bytes = grown;
    }
    bytes.set(chunk, length);
    length = end;
  }
  return length === bytes.length ? bytes : bytes.subarray(0, length);
}
