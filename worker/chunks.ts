/** So many bytes are asked for at a time: workerd itself would hand out 4 kB, each for some 30 µs. */
const ROOM = 64 * 1024;

/** Reads what has come of a body; undefined at its end. */
export interface Chunks {
  next(): Promise<Uint8Array<ArrayBuffer> | undefined>;
  cancel(): Promise<void>;
}

/** A body in the largest chunks that there are to be had, each its reader's to keep. */
export function chunksOf(body: ReadableStream<Uint8Array>): Chunks {
  const reader = byteReader(body);
  if (reader === undefined) return handedOut(body.getReader());
  let room = new ArrayBuffer(ROOM);
  return {
    async next() {
      const { done, value } = await reader.read(new Uint8Array(room));
      if (done || value === undefined) return undefined;
      // The stream took the room and gives it back filled: a copy keeps no more than has come.
      const chunk = value.slice();
      room = value.buffer;
      return chunk;
    },
    cancel: () => reader.cancel(),
  };
}

function byteReader(body: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | undefined {
  try {
    return body.getReader({ mode: "byob" });
  } catch {
    return undefined; // not every stream lets its reader bring the room
  }
}

function handedOut(reader: ReadableStreamDefaultReader<Uint8Array>): Chunks {
  return {
    next: async () => (await reader.read()).value as Uint8Array<ArrayBuffer> | undefined,
    cancel: () => reader.cancel(),
  };
}

/** The same one after another; who stops early cancels the body. */
export async function* eachChunk(body: ReadableStream<Uint8Array>) {
  const chunks = chunksOf(body);
  try {
    for (;;) {
      const chunk = await chunks.next();
      if (chunk === undefined) return;
      yield chunk;
    }
  } finally {
    void chunks.cancel().catch(() => undefined);
  }
}
