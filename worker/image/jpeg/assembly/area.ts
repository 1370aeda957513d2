/**
 * Rows of a picture, from the top, squashed to size * size by exact area averaging: the project's
 * one definition of preprocessing (`training/preprocess.py`).
 *
 * Rows may come from a picture decoded at 1/f: each of its pixels then stands for f * f pixels of
 * the full one, fewer at the right and bottom edge, and is weighted accordingly. Sums are integers
 * below 2^53, so float64 holds them exactly.
 */
import { reserve } from "./memory.ts";

let size: i32 = 0;
let fullWidth: i64 = 0;
let fullHeight: i64 = 0;
let factor: i64 = 1;
let row: i64 = 0;
/** The output row that is being summed up. */
let cell: i32 = 0;
/** For each output column: first pixel, number of pixels, weight of the first and of the last. */
let columns: usize = 0;
/** size * 4 u32: one row's sums; size * 4 f64: the cell row's. */
let rowSums: usize = 0;
let sums: usize = 0;
/** size * size * 3 bytes. */
export let square: usize = 0;

/** Room for a square of `side`, for rows of a picture `width` * `height` at 1/`scale`. */
export function openArea(side: i32, width: i32, height: i32, scale: i32): bool {
  size = side;
  fullWidth = width;
  fullHeight = height;
  factor = scale;
  row = 0;
  cell = 0;
  columns = reserve(<u64>side * 16);
  rowSums = reserve(<u64>side * 16);
  sums = reserve(<u64>side * 32);
  square = reserve(<u64>side * side * 3 + 16);
  if (!columns || !rowSums || !sums || !square) return false;
  for (let i = 0; i < side; i++) {
    const left = <i64>i * fullWidth;
    const right = left + fullWidth;
    const step = <i64>side * factor;
    const first = left / step;
    const last = (right + step - 1) / step - 1;
    const at = columns + (<usize>i << 4);
    store<u32>(at, <u32>first);
    store<u32>(at + 4, <u32>(last - first + 1));
    store<u32>(at + 8, <u32>(min(right, (first + 1) * step) - left));
    store<u32>(at + 12, <u32>(right - max(left, last * step)));
  }
  return true;
}

/** The next row, four bytes a pixel. */
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
    if (overlap > 0) accumulate(<f64>overlap);
    if (cellBottom > bottom) return;
    finishCell();
    cell += 1;
  }
}

function sumColumns(pixels: usize): void {
  const middle = i32x4.splat(<i32>(size * <i32>factor));
  for (let i = 0; i < size; i++) {
    const at = columns + (<usize>i << 4);
    const n = <i32>load<u32>(at + 4);
    let p = pixels + (<usize>load<u32>(at) << 2);
    let sum = i32x4.mul(pixel(p), i32x4.splat(load<i32>(at + 8)));
    if (n > 1) {
      let between = i32x4.splat(0);
      for (let j = 2; j < n; j++) {
        p += 4;
        between = i32x4.add(between, pixel(p));
      }
      sum = i32x4.add(sum, i32x4.mul(between, middle));
      sum = i32x4.add(sum, i32x4.mul(pixel(p + 4), i32x4.splat(load<i32>(at + 12))));
    }
    v128.store(rowSums + (<usize>i << 4), sum);
  }
}

// @ts-ignore: decorator
@inline
function pixel(p: usize): v128 {
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(p)));
}

function accumulate(weight: f64): void {
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
  const area = <f64>fullWidth * <f64>fullHeight;
  const to = square + <usize>cell * size * 3;
  const full = f64x2.splat(2 * area);
  const half = f64x2.splat(area);
  const inverse = f64x2.splat(1 / (2 * area));
  for (let i = 0; i < size; i++) {
    const at = sums + (<usize>i << 5);
    const rg = divided(v128.load(at), full, half, inverse);
    const b = divided(v128.load(at + 16), full, half, inverse);
    store<u8>(to + i * 3, <u8>i32x4.extract_lane(rg, 0));
    store<u8>(to + i * 3 + 1, <u8>i32x4.extract_lane(rg, 1));
    store<u8>(to + i * 3 + 2, <u8>i32x4.extract_lane(b, 0));
  }
  memory.fill(sums, 0, <usize>size << 5);
}

/** floor((2 * sum + area) / (2 * area)), exactly: the rounded quotient is at most one off. */
// @ts-ignore: decorator
@inline
function divided(sum: v128, full: v128, half: v128, inverse: v128): v128 {
  const n = f64x2.add(f64x2.add(sum, sum), half);
  let q = f64x2.floor(f64x2.mul(n, inverse));
  const rest = f64x2.sub(n, f64x2.mul(q, full));
  const one = f64x2.splat(1);
  q = f64x2.sub(q, v128.and(one, f64x2.lt(rest, f64x2.splat(0))));
  q = f64x2.add(q, v128.and(one, f64x2.ge(rest, full)));
  return i32x4.trunc_sat_f64x2_u_zero(q);
}
