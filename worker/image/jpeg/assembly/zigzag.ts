/**
 * The order of coefficients in a scan (ITU-T T.81, figure A.6), and which of them a scale needs.
 *
 * An inverse DCT that gives 4 or 2 samples a direction averages the full block's samples exactly.
 * Over such averages the even frequencies 4 (for 4) and 2, 4, 6 (for 2) cancel out.
 */
const NATURAL: usize = memory.data<u8>([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13,
  6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45,
  38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
  // A run may lead past the block before that is found out: those land on the last coefficient.
  63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
]);

/** Row-major index, 0..63, of the coefficient that comes `k`-th, 0..79. */
// @ts-ignore: decorator
@inline
export function natural(k: i32): i32 {
  return load<u8>(NATURAL + k);
}

/** `slots(size)`: 64 bytes, each coefficient's place among those that are kept, 255 for none. */
const SLOTS: usize = memory.data(256, 16);

// @ts-ignore: decorator
@inline
export function slots(size: i32): usize {
  return SLOTS + (<usize>ctz(size) << 6);
}

function isNeeded(size: i32, frequency: i32): bool {
  if (size == 8 || frequency == 0) return true;
  if (size == 4) return frequency != 4;
  return size == 2 && (frequency & 1) == 1;
}

/** Fills the table for a size; returns how many coefficients it needs. */
export function fillSlots(size: i32): i32 {
  let n = 0;
  for (let k = 0; k < 64; k++) {
    const at = natural(k);
    const needed = isNeeded(size, at >> 3) && isNeeded(size, at & 7);
    store<u8>(slots(size) + k, needed ? <u8>(n++) : 255);
  }
  return n;
}
