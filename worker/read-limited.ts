import type { HemlineError } from "./errors.ts";

/** A message's headers and body: a request or a response. */
interface Message {
  headers: Headers;
  body: ReadableStream<Uint8Array> | null;
}

/**
 * A body's bytes, never holding more than `limit` of them: a declared length beyond it is refused
 * before reading, an undeclared one is cut off while it streams in.
 */
export async function readLimited(
  { headers, body }: Message,
  limit: number,
  tooLarge: () => HemlineError,
): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(headers.get("content-length") ?? 0) > limit) {
    await body?.cancel();
    throw tooLarge();
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    // Leaving the loop cancels the body.
    if (length > limit) throw tooLarge();
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}
