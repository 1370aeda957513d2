import { writeLab } from "./lab.ts";

/** Cells on a side: colours are read from block averages, which also quiets weave and JPEG noise. */
export const GRID = 80;
export const CELLS = GRID * GRID;

/** The picture as GRID x GRID cells, row by row. */
export interface Grid {
  readonly rgb: Uint8Array; // [CELLS,3]
  readonly lab: Float32Array; // [CELLS,3]
}

/** Byte offsets, in one axis, of the two samples of each cell: a quarter and three quarters in. */
const samples = (size: number, stride: number): Int32Array =>
  Int32Array.from(
    { length: 2 * GRID },
    (_, i) => Math.floor(((i + 0.5) * size) / (2 * GRID)) * stride,
  );

/**
 * Reads a square RGB picture (`size` x `size` x 3 bytes) into cells, each the mean of 2 x 2 samples:
 * at twice GRID (160) exactly its pixels. `size` may be any.
 */
export function readGrid(picture: Uint8Array, size: number): Grid {
  const rgb = new Uint8Array(CELLS * 3);
  const lab = new Float32Array(CELLS * 3);
  const columns = samples(size, 3);
  const rows = samples(size, size * 3);
  for (let row = 0, at = 0; row < GRID; row++) {
    const upper = rows[2 * row] as number;
    const lower = rows[2 * row + 1] as number;
    for (let column = 0; column < GRID; column++, at += 3) {
      const left = columns[2 * column] as number;
      const right = columns[2 * column + 1] as number;
      const a = upper + left;
      const b = upper + right;
      const c = lower + left;
      const d = lower + right;
      const red = mean(picture, a, b, c, d);
      const green = mean(picture, a + 1, b + 1, c + 1, d + 1);
      const blue = mean(picture, a + 2, b + 2, c + 2, d + 2);
      rgb[at] = red;
      rgb[at + 1] = green;
      rgb[at + 2] = blue;
      writeLab(red, green, blue, lab, at);
    }
  }
  return { rgb, lab };
}

/** Rounded, halves up. */
function mean(picture: Uint8Array, a: number, b: number, c: number, d: number): number {
  const sum =
    (picture[a] as number) +
    (picture[b] as number) +
    (picture[c] as number) +
    (picture[d] as number);
  return (sum + 2) >> 2;
}
