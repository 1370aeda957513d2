/** Pixels that another decoder made, RGBA with straight alpha, squashed like a JPEG's rows. */
import { addRow, openArea } from "./area.ts";
import { reserve, resetMemory } from "./memory.ts";
import { OK, OUT_OF_MEMORY } from "./status.ts";

let rowBytes: usize = 0;
/** Where the host puts rows before `addPixels`. */
export let strip: usize = 0;

/** Room for strips of `rows` rows of a picture `width` * `height`, for a square of `side`. */
export function openPixels(side: i32, width: i32, height: i32, rows: i32, limit: u32): i32 {
  resetMemory(limit);
  rowBytes = <usize>width * 4;
  if (!openArea(side, width, height, 1)) return OUT_OF_MEMORY;
  strip = reserve(<u64>rowBytes * rows + 16);
  return strip ? OK : OUT_OF_MEMORY;
}

export function stripAddress(): usize {
  return strip;
}

/** Composites `rows` rows over white and adds them. */
export function addPixels(rows: i32): void {
  for (let y = 0; y < rows; y++) {
    const row = strip + <usize>y * rowBytes;
    flatten(row);
    addRow(row);
  }
}

/** c' = round((c * a + 255 * (255 - a)) / 255), in integers: no quotient is a half. */
function flatten(row: usize): void {
  for (let p = row; p < row + rowBytes; p += 4) {
    const alpha = <u32>load<u8>(p + 3);
    if (alpha == 255) continue;
    for (let c: usize = 0; c < 3; c++) {
      const mixed = <u32>load<u8>(p + c) * alpha + 255 * (255 - alpha);
      store<u8>(p + c, <u8>((2 * mixed + 255) / 510));
    }
  }
}
