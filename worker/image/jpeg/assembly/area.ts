/**
 * Rows of a picture, from the top, squashed to size * size by exact area averaging: the project's
 * one definition of preprocessing (`training/preprocess.py`).
 *
 * Rows may come from a picture decoded at 1/f: each of its pixels then stands for f * f pixels of
 * the full one, fewer at the right and bottom edge, and is weighted accordingly.
 */
import { reserve } from "./memory.ts";

/** Weights are signed 16-bit numbers, at most side * 8. */
const LARGEST_SIDE: i32 = 4095;

let size: i32 = 0;
let fullWidth: i64 = 0;
let fullHeight: i64 = 0;
let factor: i64 = 1;
let row: i64 = 0;
/** The output row that is being summed up. */
let cell: i32 = 0;
/** For each output column: its first pixel, u32. */
let firsts: usize = 0;
/** For each output column: the weights of the pixels from there on, two i16 each of `pairs`. */
let weights: usize = 0;
let pairs: i32 = 0;
/** size * 4 u32: one row's sums. */
let rowSums: usize = 0;
/** size * 4 u32: the cell row's sums; f64 where they may pass 32 bits, exact to 2^53. */
let sums: usize = 0;
let wide: bool = false;
/** size * size * 3 bytes. */
export let square: usize = 0;

/** Room for a square of `side`, for rows of a picture `width` * `height` at 1/`scale`. */
export function openArea(side: i32, width: i32, height: i32, scale: i32): bool {
  if (side > LARGEST_SIDE) return false;
  size = side;
  fullWidth = width;
  fullHeight = height;
  factor = scale;
  row = 0;
  cell = 0;
  wide = fullWidth * fullHeight * 255 > <i64>u32.MAX_VALUE;
  pairs = 0;
  for (let i = 0; i < side; i++) pairs = max(pairs, <i32>(lastPixel(i) - firstPixel(i)) / 2 + 1);
  firsts = reserve(<u64>side * 4);
  weights = reserve(<u64>side * pairs * 4);
  rowSums = reserve(<u64>side * 16);
  sums = reserve(<u64>side * 32);
  square = reserve(<u64>side * side * 3 + 16);
  if (!firsts || !weights || !rowSums || !sums || !square) return false;
  const step = <i64>side * factor;
  for (let i = 0; i < side; i++) {
    const left = <i64>i * fullWidth;
    const right = left + fullWidth;
    const first = firstPixel(i);
    store<u32>(firsts + (<usize>i << 2), <u32>first);
    for (let x = first; x <= lastPixel(i); x++) {
      const weight = min(right, (x + 1) * step) - max(left, x * step);
      store<i16>(weights + <usize>(i * pairs * 4) + (<usize>(x - first) << 1), <i16>weight);
    }
  }
  return true;
}

/** The first and the last pixel of a row that output column `i` takes in. */
function firstPixel(i: i32): i64 {
  return (<i64>i * fullWidth) / (<i64>size * factor);
}

function lastPixel(i: i32): i64 {
  const step = <i64>size * factor;
  return (<i64>(i + 1) * fullWidth + step - 1) / step - 1;
}

/** The next row, four bytes a pixel; 16 bytes behind it are readable. */
export function addRow(pixels: usize): void {
  if (cell >= size) return;
  sumColumns(pixels);
  const step = <i64>size * factor;
  const top = row * step;
  const bottom = min(top + step, fullHeight * size);
  row += 1;
  // A row may fill many cells where the picture is smaller than the square.
  while (cell < size) {
    const cellTop = <i64>cell * fullHeight;
    const cellBottom = cellTop + fullHeight;
    const overlap = min(bottom, cellBottom) - max(top, cellTop);
    if (overlap > 0) {
      if (wide) accumulateWide(<f64>overlap);
      else accumulate(<i32>overlap);
    }
    if (cellBottom > bottom) return;
    finishCell();
    cell += 1;
  }
}

function sumColumns(pixels: usize): void {
  const zero = i64x2.splat(0);
  let weight = weights;
  for (let i = 0; i < size; i++) {
    let p = pixels + (<usize>load<u32>(firsts + (<usize>i << 2)) << 2);
    let sum = zero;
    for (let j = 0; j < pairs; j++) {
      const two = v128.load64_zero(p);
      const spread = v128.shuffle<i8>(two, zero, 0, 16, 4, 16, 1, 16, 5, 16, 2, 16, 6, 16, 3, 16, 7, 16);
      sum = i32x4.add(sum, i32x4.dot_i16x8_s(spread, v128.load32_splat(weight)));
      p += 8;
      weight += 4;
    }
    v128.store(rowSums + (<usize>i << 4), sum);
  }
}

function accumulate(weight: i32): void {
  const w = i32x4.splat(weight);
  for (let at: usize = 0; at < <usize>size << 4; at += 16) {
    const sum = i32x4.mul(v128.load(rowSums + at), w);
    v128.store(sums + at, i32x4.add(v128.load(sums + at), sum));
  }
}

function accumulateWide(weight: f64): void {
  const w = f64x2.splat(weight);
  for (let i = 0; i < size; i++) {
    const from = v128.load(rowSums + (<usize>i << 4));
    const at = sums + (<usize>i << 5);
    const rg = f64x2.convert_low_i32x4_u(from);
    const b = f64x2.convert_low_i32x4_u(v128.shuffle<i32>(from, from, 2, 3, 2, 3));
    v128.store(at, f64x2.add(v128.load(at), f64x2.mul(rg, w)));
    v128.store(at + 16, f64x2.add(v128.load(at + 16), f64x2.mul(b, w)));
  }
}

function finishCell(): void {
  const inverse = f64x2.splat(1 / (<f64>fullWidth * <f64>fullHeight));
  let to = square + <usize>cell * size * 3;
  for (let i = 0; i < size; i++) {
    let rg: v128;
    let b: v128;
    if (wide) {
      const at = sums + (<usize>i << 5);
      rg = v128.load(at);
      b = v128.load(at + 16);
    } else {
      const sum = v128.load(sums + (<usize>i << 4));
      rg = f64x2.convert_low_i32x4_u(sum);
      b = f64x2.convert_low_i32x4_u(v128.shuffle<i32>(sum, sum, 2, 3, 2, 3));
    }
    rg = rounded(rg, inverse);
    v128.store8_lane(to, rg, 0);
    v128.store8_lane(to, rg, 8, 1);
    v128.store8_lane(to, rounded(b, inverse), 0, 2);
    to += 3;
  }
  memory.fill(sums, 0, <usize>size << 5);
}

/**
 * floor(sum / area + 1/2), exactly, in the lowest byte of each lane. Sums are whole numbers: a
 * quarter more never reaches the next half, and keeps the product's rounding from mattering. Adding
 * 2^52 to a float64 rounds it to a whole number and leaves that in its low bits.
 */
// @ts-ignore: decorator
@inline
function rounded(sum: v128, inverse: v128): v128 {
  const quotient = f64x2.mul(f64x2.add(sum, f64x2.splat(0.25)), inverse);
  return f64x2.add(quotient, f64x2.splat(4503599627370496));
}
