/**
 * Requantisation: `clamp(roundTiesToEven(float32(sum) * multiplier [+ residual]) + zero point)`.
 *
 * Adding 1.5 * 2^23 leaves a float32 below 2^22 rounded to an integer, ties to even, in its low
 * bits; the build proves that bound. Narrowing saturates to 0..255: ReLU6 is that clamp.
 */
import { ROUND, ROUND_BITS, ZERO_POINT } from "./plan";

/** 1.5 * 2^23, from memory: V8 would make a constant anew at every use. */
// @ts-ignore: decorator
@inline
export function roundOf(op: usize): v128 {
  return v128.load32_splat(op, ROUND);
}

/** What to subtract from a rounded float's bits: it brings the zero point in. */
// @ts-ignore: decorator
@inline
export function offsetOf(op: usize): v128 {
  return i32x4.splat(ROUND_BITS - load<i32>(op, ZERO_POINT));
}

// @ts-ignore: decorator
@inline
export function scaled(sums: v128, multipliers: v128): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(sums), multipliers);
}

/** Eight scaled values to eight 16-bit integers. */
// @ts-ignore: decorator
@inline
export function rounded(a: v128, b: v128, round: v128, offset: v128): v128 {
  return i16x8.narrow_i32x4_s(
    i32x4.sub(f32x4.add(a, round), offset),
    i32x4.sub(f32x4.add(b, round), offset),
  );
}

/** Four of a residual's eight bytes (`first` 0 or 4), less its zero point, in output steps. */
// @ts-ignore: decorator
@inline
export function residualLow(bytes: v128, zeroPoint: v128, multiplier: v128): v128 {
  const steps = i32x4.sub(i32x4.extend_low_i16x8_u(bytes), zeroPoint);
  return f32x4.mul(f32x4.convert_i32x4_s(steps), multiplier);
}

// @ts-ignore: decorator
@inline
export function residualHigh(bytes: v128, zeroPoint: v128, multiplier: v128): v128 {
  const steps = i32x4.sub(i32x4.extend_high_i16x8_u(bytes), zeroPoint);
  return f32x4.mul(f32x4.convert_i32x4_s(steps), multiplier);
}

/** Two pixels of eight channels. */
// @ts-ignore: decorator
@inline
export function storePair(to: usize, a: v128, b: v128): void {
  v128.store(to, i8x16.narrow_i16x8_u(a, b));
}

/** One pixel of eight channels. */
// @ts-ignore: decorator
@inline
export function storeOne(to: usize, a: v128): void {
  v128.store64_lane(to, i8x16.narrow_i16x8_u(a, a), 0);
}
