import { describe, expect, it } from "vitest";
import { chunksOf, eachChunk } from "../../worker/chunks.ts";

const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 31) % 251);

async function all(body: ReadableStream<Uint8Array>): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of eachChunk(body)) chunks.push(chunk);
  return chunks;
}

const joined = (chunks: Uint8Array[]) => new Uint8Array(chunks.flatMap((chunk) => [...chunk]));

/** A stream that hands out its own chunks. */
function handing(count: number, state = { cancelled: false }) {
  let left = count;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) =>
      left-- > 0 ? controller.enqueue(bytes.slice(0, 100)) : controller.close(),
    cancel: () => {
      state.cancelled = true;
    },
  });
  return { body, state };
}

describe("a body's chunks", () => {
  it("are large where the stream takes a reader's room, and stay as they came", async () => {
    const chunks = await all(new Response(bytes).body as ReadableStream<Uint8Array>);
    expect(chunks.length).toBeLessThan(10);
    expect(joined(chunks)).toEqual(bytes);
  });

  it("are the stream's own where it does not", async () => {
    const chunks = await all(handing(5).body);
    expect(chunks.map(({ length }) => length)).toEqual([100, 100, 100, 100, 100]);
  });

  it("end at once where there are none", async () => {
    const chunks = chunksOf(new Response("").body as ReadableStream<Uint8Array>);
    expect(await chunks.next()).toBeUndefined();
  });

  it("that nobody wants any more are cancelled", async () => {
    const { body, state } = handing(5);
    for await (const _ of eachChunk(body)) break;
    expect(state.cancelled).toBe(true);
  });
});
