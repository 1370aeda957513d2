import { HemlineError } from "../../errors.ts";

/**
 * Undoes a row's filter in place (PNG, third edition, section 9.2).
 *
 * `row`, `above`: the filter type, then the bytes; `above` unfiltered already. `step`: bytes of a
 * pixel, at least 1.
 */
export function unfilter(row: Uint8Array, above: Uint8Array, step: number): void {
  const n = row.length;
  switch (row[0]) {
    case 0:
      return;
    case 1:
      for (let i = 1 + step; i < n; i++) row[i] = at(row, i) + at(row, i - step);
      return;
    case 2:
      for (let i = 1; i < n; i++) row[i] = at(row, i) + at(above, i);
      return;
    case 3:
      for (let i = 1; i <= step && i < n; i++) row[i] = at(row, i) + (at(above, i) >> 1);
      for (let i = 1 + step; i < n; i++) {
        row[i] = at(row, i) + ((at(row, i - step) + at(above, i)) >> 1);
      }
      return;
    case 4:
      for (let i = 1; i <= step && i < n; i++) row[i] = at(row, i) + at(above, i);
      for (let i = 1 + step; i < n; i++) {
        row[i] = at(row, i) + paeth(at(row, i - step), at(above, i), at(above, i - step));
      }
      return;
    default:
      throw new HemlineError("corrupt_image", "A row of the PNG has an unknown filter.");
  }
}

const at = (bytes: Uint8Array, i: number): number => bytes[i] as number;

/** The neighbour nearest to left + up - upper left. */
function paeth(left: number, up: number, corner: number): number {
  const byLeft = Math.abs(up - corner);
  const byUp = Math.abs(left - corner);
  const byCorner = Math.abs(left + up - 2 * corner);
  if (byLeft <= byUp && byLeft <= byCorner) return left;
  return byUp <= byCorner ? up : corner;
}
