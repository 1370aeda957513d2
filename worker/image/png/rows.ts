import { HemlineError } from "../../errors.ts";
import { bitsPerPixel, converter } from "./convert.ts";
import type { Png } from "./header.ts";
import { unfilter } from "./unfilter.ts";

/** Adam7 (PNG, third edition, section 8.2): first column and row, and the steps. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;
const WHOLE = [[0, 0, 1, 1]] as const;

/** Rows come in strips of about so many bytes. */
const STRIP_BYTES = 1 << 18;

/**
 * Decodes a PNG row by row with the platform's own inflate: memory depends on a row's length. Only
 * an interlaced picture is held whole.
 *
 * `take` gets RGBA rows from the top, whole ones; it must be done with them when it returns.
 * Throws `corrupt_image`.
 */
export async function readRows(png: Png, take: (rows: Uint8Array) => void): Promise<void> {
  const { width, height, interlaced } = png;
  const convert = converter(png);
  const strip = interlaced ? height : Math.ceil(STRIP_BYTES / (width * 4));
  const out = new Uint8Array(width * 4 * Math.min(strip, height));
  const pixelBytes = Math.max(1, bitsPerPixel(png) / 8);
  const inflated = new Inflated(png.data);
  try {
    for (const [x0, y0, dx, dy] of interlaced ? PASSES : WHOLE) {
      const columns = Math.ceil((width - x0) / dx);
      if (columns <= 0) continue;
      const rowBytes = Math.ceil((columns * bitsPerPixel(png)) / 8);
      let [row, above] = [new Uint8Array(rowBytes + 1), new Uint8Array(rowBytes + 1)];
      for (let y = y0; y < height; y += dy) {
        if (!inflated.fill(row)) await inflated.refill(row);
        unfilter(row, above, pixelBytes);
        const at = y % (out.length / (width * 4));
        convert(row.subarray(1), columns, out, (at * width + x0) * 4, dx);
        [row, above] = [above, row];
        const full = (at + 1) * width * 4 === out.length || y === height - 1;
        if (!interlaced && full) take(out.subarray(0, (at + 1) * width * 4));
      }
    }
  } finally {
    await inflated.close();
  }
  if (interlaced) take(out);
}

/** A zlib stream (RFC 1950) as it unfolds. */
class Inflated {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array();
  #at = 0;

  constructor(pieces: readonly Uint8Array[]) {
    const waiting = pieces[Symbol.iterator]();
    const source = new ReadableStream({
      pull(controller) {
        const { done, value } = waiting.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
    });
    const inflate = new DecompressionStream("deflate") as ReadableWritablePair;
    this.#reader = source.pipeThrough(inflate).getReader();
  }

  /** Fills `row` from what is there already, if that suffices. */
  fill(row: Uint8Array): boolean {
    const end = this.#at + row.length;
    if (end > this.#chunk.length) return false;
    row.set(this.#chunk.subarray(this.#at, end));
    this.#at = end;
    return true;
  }

  async refill(row: Uint8Array): Promise<void> {
    for (let filled = 0; filled < row.length; ) {
      if (this.#at === this.#chunk.length) await this.#next();
      const piece = this.#chunk.subarray(this.#at, this.#at + row.length - filled);
      row.set(piece, filled);
      filled += piece.length;
      this.#at += piece.length;
    }
  }

  async #next(): Promise<void> {
    const { done, value } = await this.#reader.read().catch(() => {
      throw new HemlineError("corrupt_image", "The PNG's compressed data is damaged.");
    });
    if (done) throw new HemlineError("corrupt_image", "The PNG holds fewer rows than it says.");
    this.#chunk = value;
    this.#at = 0;
  }

  /** Whatever follows the last row is not looked at. */
  async close(): Promise<void> {
    await this.#reader.cancel().catch(() => undefined);
  }
}
