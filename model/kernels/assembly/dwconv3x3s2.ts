/** Depthwise 3x3 convolution at stride 2; see `dwconv.ts`. */
import { finish } from "./dwconv";
import {
  BIAS,
  INPUT,
  INPUT_PLANE,
  INPUT_ROW,
  MULTIPLIERS,
  OUTPUT,
  OUTPUT_BLOCKS,
  OUTPUT_PLANE,
  OUTPUT_ROW,
  ROWS,
  WEIGHTS,
  WIDTH,
} from "./plan";
import { offsetOf, roundOf } from "./requantise";
import { begin, end } from "./share";
import { dot, high, low } from "./simd";

export function qu8_qs8_dwconv3x3s2_2x8_simd(op: usize, thread: i32, threads: i32): void {
  const row = load<i32>(op, INPUT_ROW);
  const width = load<i32>(op, WIDTH);
  const rows = load<i32>(op, ROWS);
  const round = roundOf(op);
  const offset = offsetOf(op);
  const blocks = load<i32>(op, OUTPUT_BLOCKS);
  const last = end(blocks, thread, threads);
  for (let block = begin(blocks, thread, threads); block < last; block++) {
    const w = <usize>load<i32>(op, WEIGHTS) + block * 80;
    const bias = <usize>load<i32>(op, BIAS) + block * 32;
    const m = <usize>load<i32>(op, MULTIPLIERS) + block * 32;
    for (let y = 0; y < rows; y++) {
      const from = <usize>load<i32>(op, INPUT) + block * load<i32>(op, INPUT_PLANE) + y * 2 * row;
      let to = <usize>load<i32>(op, OUTPUT) + block * load<i32>(op, OUTPUT_PLANE) + y * load<i32>(op, OUTPUT_ROW);
      let r0 = from;
      let r1 = from + row;
      let r2 = from + 2 * row;
      for (let x = 1; x < width; x += 2, to += 16) {
        taps3x3s2(2, w, bias, m, round, offset, to, r0, r1, r2);
        r0 += 32, r1 += 32, r2 += 32;
      }
      if (width & 1) taps3x3s2(1, w, bias, m, round, offset, to, r0, r1, r2);
    }
  }
}

// @ts-ignore: decorator
@inline
function taps3x3s2(N: i32, w: usize, bias: usize, m: usize, round: v128, offset: v128, to: usize, r0: usize, r1: usize, r2: usize): void {
  let a = v128.load(bias), b = v128.load(bias, 16), c = a, d = b;
  let u: v128, v: v128, p: v128, q: v128;
  u = v128.load_ext<i8>(w), v = v128.load_ext<i8>(w, 8);
  p = v128.load_ext<u8>(r0), q = v128.load_ext<u8>(r0, 8), a = dot(a, low(p, q), u), b = dot(b, high(p, q), v);
  if (N > 1) p = v128.load_ext<u8>(r0, 16), q = v128.load_ext<u8>(r0, 24), c = dot(c, low(p, q), u), d = dot(d, high(p, q), v);
  u = v128.load_ext<i8>(w, 16), v = v128.load_ext<i8>(w, 24);
  p = v128.load_ext<u8>(r0, 16), q = v128.load_ext<u8>(r1), a = dot(a, low(p, q), u), b = dot(b, high(p, q), v);
  if (N > 1) p = v128.load_ext<u8>(r0, 32), q = v128.load_ext<u8>(r1, 16), c = dot(c, low(p, q), u), d = dot(d, high(p, q), v);
  u = v128.load_ext<i8>(w, 32), v = v128.load_ext<i8>(w, 40);
  p = v128.load_ext<u8>(r1, 8), q = v128.load_ext<u8>(r1, 16), a = dot(a, low(p, q), u), b = dot(b, high(p, q), v);
  if (N > 1) p = v128.load_ext<u8>(r1, 24), q = v128.load_ext<u8>(r1, 32), c = dot(c, low(p, q), u), d = dot(d, high(p, q), v);
  u = v128.load_ext<i8>(w, 48), v = v128.load_ext<i8>(w, 56);
  p = v128.load_ext<u8>(r2), q = v128.load_ext<u8>(r2, 8), a = dot(a, low(p, q), u), b = dot(b, high(p, q), v);
  if (N > 1) p = v128.load_ext<u8>(r2, 16), q = v128.load_ext<u8>(r2, 24), c = dot(c, low(p, q), u), d = dot(d, high(p, q), v);
  u = v128.load_ext<i8>(w, 64), v = v128.load_ext<i8>(w, 72);
  p = v128.load_ext<u8>(r2, 16), q = p, a = dot(a, low(p, q), u), b = dot(b, high(p, q), v);
  if (N > 1) p = v128.load_ext<u8>(r2, 32), q = p, c = dot(c, low(p, q), u), d = dot(d, high(p, q), v);
  finish(N, m, round, offset, to, a, b, c, d);
}
