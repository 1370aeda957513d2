import type { Orientation } from "./sniff.ts";

/** Orientations 5 to 8 lie on their side: stored rows are upright columns. */
export const isTurned = (orientation: Orientation): boolean => orientation >= 5;

/**
 * Turns a square picture upright. Area averaging treats both axes and both directions alike, so
 * turning the small square gives the very bytes that turning the whole picture first would.
 *
 * `square`: size * size RGB pixels as stored. Returns a new array, or the same for orientation 1.
 */
export function turnSquare(
  square: Uint8Array<ArrayBuffer>,
  size: number,
  orientation: Orientation,
): Uint8Array<ArrayBuffer> {
  if (orientation === 1) return square;
  const last = size - 1;
  const source = SOURCES[orientation];
  const out = new Uint8Array(square.length);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const [sx, sy] = source(x, y, last);
      const from = (sy * size + sx) * 3;
      const to = (y * size + x) * 3;
      out[to] = square[from] as number;
      out[to + 1] = square[from + 1] as number;
      out[to + 2] = square[from + 2] as number;
    }
  }
  return out;
}

/** Where an upright pixel was stored (Exif 3.0, tag 0x0112: what row 0 and column 0 stand for). */
type Source = (x: number, y: number, last: number) => [x: number, y: number];
const SOURCES: Record<Exclude<Orientation, 1>, Source> = {
  2: (x, y, last) => [last - x, y],
  3: (x, y, last) => [last - x, last - y],
  4: (x, y, last) => [x, last - y],
  5: (x, y) => [y, x],
  6: (x, y, last) => [y, last - x],
  7: (x, y, last) => [last - y, last - x],
  8: (x, y, last) => [last - y, x],
};
