/**
 * The register tile of every dense convolution: P pixels x 8 channels, P = 1..5, over a panel of
 * widened activations `[inputs/8][P][8]` int16. Packed weights: `[outputs/8][inputs/2][8][2]` int8.
 * Ten sums, two weights, one activation and one product fit the fifteen registers that V8 has on x64:
 * a sixth pixel would spill.
 */
import {
  BIAS,
  INPUT_BLOCKS,
  MULTIPLIERS,
  OUTPUT_PLANE,
  RESIDUAL,
  RESIDUAL_MULTIPLIER,
  RESIDUAL_PLANE,
  RESIDUAL_ZERO,
  WEIGHTS,
} from "./plan";
import {
  offsetOf,
  residualHigh,
  residualLow,
  rounded,
  roundOf,
  scaled,
  storeOne,
  storePair,
} from "./requantise";
import { dot } from "./simd";

/** The most pixels of a tile. */
export const TILE: i32 = 5;

/**
 * `to`: the tile's first output pixel, in plane 0; `residual` likewise, read where the operation has
 * one. Planes `first` up to `last` of the output.
 */
// @ts-ignore: decorator
@inline
function tile(P: i32, op: usize, panel: usize, to: usize, residual: usize, first: i32, last: i32): void {
  const panelEnd = panel + load<i32>(op, INPUT_BLOCKS) * P * 16;
  const plane = <usize>load<i32>(op, OUTPUT_PLANE);
  const residualPlane = <usize>load<i32>(op, RESIDUAL_PLANE);
  const adds = load<i32>(op, RESIDUAL) != 0;
  const round = roundOf(op);
  const offset = offsetOf(op);
  let w = <usize>load<i32>(op, WEIGHTS) + first * load<i32>(op, INPUT_BLOCKS) * 64;
  let bias = <usize>load<i32>(op, BIAS) + first * 32;
  let m = <usize>load<i32>(op, MULTIPLIERS) + first * 32;
  to += <usize>first * plane;
  residual += <usize>first * residualPlane;
  for (let block = first; block < last; block++) {
    let a0 = v128.load(bias);
    let b0 = v128.load(bias, 16);
    let a1 = a0, b1 = b0, a2 = a0, b2 = b0, a3 = a0, b3 = b0, a4 = a0, b4 = b0;
    let p = panel;
    do {
      let u = v128.load_ext<i8>(w, 0), v = v128.load_ext<i8>(w, 8), x = v128.load32_splat(p, 0);
      a0 = dot(a0, x, u), b0 = dot(b0, x, v);
      if (P > 1) x = v128.load32_splat(p, 16), a1 = dot(a1, x, u), b1 = dot(b1, x, v);
      if (P > 2) x = v128.load32_splat(p, 32), a2 = dot(a2, x, u), b2 = dot(b2, x, v);
      if (P > 3) x = v128.load32_splat(p, 48), a3 = dot(a3, x, u), b3 = dot(b3, x, v);
      if (P > 4) x = v128.load32_splat(p, 64), a4 = dot(a4, x, u), b4 = dot(b4, x, v);
      u = v128.load_ext<i8>(w, 16), v = v128.load_ext<i8>(w, 24), x = v128.load32_splat(p, 4);
      a0 = dot(a0, x, u), b0 = dot(b0, x, v);
      if (P > 1) x = v128.load32_splat(p, 20), a1 = dot(a1, x, u), b1 = dot(b1, x, v);
      if (P > 2) x = v128.load32_splat(p, 36), a2 = dot(a2, x, u), b2 = dot(b2, x, v);
      if (P > 3) x = v128.load32_splat(p, 52), a3 = dot(a3, x, u), b3 = dot(b3, x, v);
      if (P > 4) x = v128.load32_splat(p, 68), a4 = dot(a4, x, u), b4 = dot(b4, x, v);
      u = v128.load_ext<i8>(w, 32), v = v128.load_ext<i8>(w, 40), x = v128.load32_splat(p, 8);
      a0 = dot(a0, x, u), b0 = dot(b0, x, v);
      if (P > 1) x = v128.load32_splat(p, 24), a1 = dot(a1, x, u), b1 = dot(b1, x, v);
      if (P > 2) x = v128.load32_splat(p, 40), a2 = dot(a2, x, u), b2 = dot(b2, x, v);
      if (P > 3) x = v128.load32_splat(p, 56), a3 = dot(a3, x, u), b3 = dot(b3, x, v);
      if (P > 4) x = v128.load32_splat(p, 72), a4 = dot(a4, x, u), b4 = dot(b4, x, v);
      u = v128.load_ext<i8>(w, 48), v = v128.load_ext<i8>(w, 56), x = v128.load32_splat(p, 12);
      a0 = dot(a0, x, u), b0 = dot(b0, x, v);
      if (P > 1) x = v128.load32_splat(p, 28), a1 = dot(a1, x, u), b1 = dot(b1, x, v);
      if (P > 2) x = v128.load32_splat(p, 44), a2 = dot(a2, x, u), b2 = dot(b2, x, v);
      if (P > 3) x = v128.load32_splat(p, 60), a3 = dot(a3, x, u), b3 = dot(b3, x, v);
      if (P > 4) x = v128.load32_splat(p, 76), a4 = dot(a4, x, u), b4 = dot(b4, x, v);
      w += 64;
      p += P * 16;
    } while (p < panelEnd);
    const n = v128.load(m), o = v128.load(m, 16);
    a0 = scaled(a0, n), b0 = scaled(b0, o);
    if (P > 1) a1 = scaled(a1, n), b1 = scaled(b1, o);
    if (P > 2) a2 = scaled(a2, n), b2 = scaled(b2, o);
    if (P > 3) a3 = scaled(a3, n), b3 = scaled(b3, o);
    if (P > 4) a4 = scaled(a4, n), b4 = scaled(b4, o);
    if (adds) {
      const z = i32x4.splat(load<i32>(op, RESIDUAL_ZERO));
      const s = f32x4.splat(load<f32>(op, RESIDUAL_MULTIPLIER));
      let r = v128.load_ext<u8>(residual, 0);
      a0 = f32x4.add(a0, residualLow(r, z, s)), b0 = f32x4.add(b0, residualHigh(r, z, s));
      if (P > 1) r = v128.load_ext<u8>(residual, 8), a1 = f32x4.add(a1, residualLow(r, z, s)), b1 = f32x4.add(b1, residualHigh(r, z, s));
      if (P > 2) r = v128.load_ext<u8>(residual, 16), a2 = f32x4.add(a2, residualLow(r, z, s)), b2 = f32x4.add(b2, residualHigh(r, z, s));
      if (P > 3) r = v128.load_ext<u8>(residual, 24), a3 = f32x4.add(a3, residualLow(r, z, s)), b3 = f32x4.add(b3, residualHigh(r, z, s));
      if (P > 4) r = v128.load_ext<u8>(residual, 32), a4 = f32x4.add(a4, residualLow(r, z, s)), b4 = f32x4.add(b4, residualHigh(r, z, s));
    }
    if (P == 1) storeOne(to, rounded(a0, b0, round, offset));
    if (P > 1) storePair(to, rounded(a0, b0, round, offset), rounded(a1, b1, round, offset));
    if (P == 3) storeOne(to + 16, rounded(a2, b2, round, offset));
    if (P > 3) storePair(to + 16, rounded(a2, b2, round, offset), rounded(a3, b3, round, offset));
    if (P == 5) storeOne(to + 32, rounded(a4, b4, round, offset));
    bias += 32;
    m += 32;
    to += plane;
    residual += residualPlane;
  }
}

export function qu8_qs8_gemm_1x8_simd(op: usize, panel: usize, to: usize, residual: usize, first: i32, last: i32): void {
  tile(1, op, panel, to, residual, first, last);
}
export function qu8_qs8_gemm_2x8_simd(op: usize, panel: usize, to: usize, residual: usize, first: i32, last: i32): void {
  tile(2, op, panel, to, residual, first, last);
}
export function qu8_qs8_gemm_3x8_simd(op: usize, panel: usize, to: usize, residual: usize, first: i32, last: i32): void {
  tile(3, op, panel, to, residual, first, last);
}
export function qu8_qs8_gemm_4x8_simd(op: usize, panel: usize, to: usize, residual: usize, first: i32, last: i32): void {
  tile(4, op, panel, to, residual, first, last);
}
export function qu8_qs8_gemm_5x8_simd(op: usize, panel: usize, to: usize, residual: usize, first: i32, last: i32): void {
  tile(5, op, panel, to, residual, first, last);
}

/** The tile of so many pixels. */
export function gemm(pixels: i32, op: usize, panel: usize, to: usize, residual: usize, first: i32, last: i32): void {
  switch (pixels) {
    case 1: return qu8_qs8_gemm_1x8_simd(op, panel, to, residual, first, last);
    case 2: return qu8_qs8_gemm_2x8_simd(op, panel, to, residual, first, last);
    case 3: return qu8_qs8_gemm_3x8_simd(op, panel, to, residual, first, last);
    case 4: return qu8_qs8_gemm_4x8_simd(op, panel, to, residual, first, last);
    default: return qu8_qs8_gemm_5x8_simd(op, panel, to, residual, first, last);
  }
}
