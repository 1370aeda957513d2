import { writeLab } from "./lab.ts";

/** Cells on a side: colours are read from block averages, which also quiets weave and JPEG noise. */
export const GRID = 80;
export const CELLS = GRID * GRID;

/** The picture as GRID x GRID cells, row by row. */
export interface Grid {
  readonly rgb: Uint8Array; // [CELLS,3]
  readonly lab: Float32Array; // [CELLS,3]
}

/** Averages a square RGB picture (`size` x `size` x 3 bytes) into cells; `size` may be any. */
export function readGrid(picture: Uint8Array, size: number): Grid {
  const rgb = new Uint8Array(CELLS * 3);
  const lab = new Float32Array(CELLS * 3);
  for (let row = 0, at = 0; row < GRID; row++) {
    const top = Math.floor((row * size) / GRID);
    const bottom = Math.max(top + 1, Math.floor(((row + 1) * size) / GRID));
    for (let column = 0; column < GRID; column++, at += 3) {
      const left = Math.floor((column * size) / GRID);
      const right = Math.max(left + 1, Math.floor(((column + 1) * size) / GRID));
      let r = 0;
      let g = 0;
      let b = 0;
      for (let y = top; y < bottom; y++) {
        for (let from = (y * size + left) * 3; from < (y * size + right) * 3; from += 3) {
          r += picture[from] as number;
          g += picture[from + 1] as number;
          b += picture[from + 2] as number;
        }
      }
      const count = (bottom - top) * (right - left);
      rgb[at] = r / count + 0.5;
      rgb[at + 1] = g / count + 0.5;
      rgb[at + 2] = b / count + 0.5;
      writeLab(rgb[at] as number, rgb[at + 1] as number, rgb[at + 2] as number, lab, at);
    }
  }
  return { rgb, lab };
}
