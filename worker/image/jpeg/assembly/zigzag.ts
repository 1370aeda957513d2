/**
 * Where a block's coefficients lie in memory, and which of them a scale needs.
 *
 * An inverse DCT that gives 4 or 2 samples a direction averages the full block's samples exactly.
 * Over such averages the even frequencies 4 (for 4) and 2, 4, 6 (for 2) cancel out.
 */

/** Row-major index of the coefficient that comes `k`-th in a scan (ITU-T T.81, figure A.6). */
const NATURAL: usize = memory.data<u8>([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13,
  6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45,
  38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
]);

/** A run may lead so far past the block (64 + 14) before that is found out. */
const REACH: i32 = 144;
/** Sizes 1, 2, 4, 8: REACH bytes each. */
const PLACES: usize = memory.data(576, 16);
const NEEDED: usize = memory.data(32, 16);
/** Bytes of a block in memory; the last place is for what nobody needs. */
export const BLOCK_BYTES: i32 = 136;
const SPARE: u8 = 128;
/** The same for size 2. */
export const SMALL_BYTES: i32 = 56;
const SMALL_SPARE: u8 = 50;
const SMALL_DC: usize = 48;

/** `places(size)`: by k, 0..143, how many bytes into a block the coefficient lies. */
// @ts-ignore: decorator
@inline
export function places(size: i32): usize {
  return PLACES + <usize>ctz(size) * REACH;
}

/** How many bytes into a block its DC coefficient lies. */
// @ts-ignore: decorator
@inline
export function dcPlace(size: i32): usize {
  return size == 2 ? SMALL_DC : 0;
}

/** The coefficients that a size needs: bit k for the k-th. */
// @ts-ignore: decorator
@inline
export function needed(size: i32): u64 {
  return load<u64>(NEEDED + (<usize>ctz(size) << 3));
}

function isNeeded(size: i32, frequency: i32): bool {
  if (size == 8 || frequency == 0) return true;
  if (size == 4) return frequency != 4;
  return size == 2 && (frequency & 1) == 1;
}

/**
 * Size 2 packs its 25 coefficients for dot products (`idct2`), by row and column of the block:
 *
 *   71 51 73 53 75 55 77 57 | 31 11 33 13 35 15 37 17 | 70 50 30 10 01 03 05 07 | 00
 */
function smallPlace(row: i32, column: i32): i32 {
  const across = (column - 1) >> 1;
  if (row == 0) return column == 0 ? 24 : 20 + across;
  const down = (7 - row) >> 1;
  if (column == 0) return 16 + down;
  return ((down >> 1) << 3) + (across << 1) + (down & 1);
}

function fillPlaces(size: i32): void {
  const to = places(size);
  memory.fill(to, size == 2 ? SMALL_SPARE : SPARE, REACH);
  let mask: u64 = 0;
  for (let k = 0; k < 64; k++) {
    const at = <i32>load<u8>(NATURAL + k);
    const wanted = isNeeded(size, at >> 3) && isNeeded(size, at & 7);
    if (wanted) mask |= <u64>1 << k;
    if (size != 2) store<u8>(to + k, <u8>(at << 1));
    else if (wanted) store<u8>(to + k, <u8>(smallPlace(at >> 3, at & 7) << 1));
  }
  store<u64>(NEEDED + (<usize>ctz(size) << 3), mask);
}

for (let size = 1; size <= 8; size <<= 1) fillPlaces(size);
