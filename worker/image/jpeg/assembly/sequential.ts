/** Blocks of a sequential scan (ITU-T T.81, F.2.2). A block is 64 i16 in row-major order. */
import { bits, count, keepBits, next } from "./bits.ts";
import { extend, LOOK, longCode, SKIP_LOOK } from "./huffman.ts";
import { natural } from "./zigzag.ts";

/** No difference or no block: codes that do not exist, or run past the block's end. */
export const INVALID: i32 = i32.MIN_VALUE;

/** The next DC difference, or INVALID. */
export function readDifference(dc: usize): i32 {
  let b = bits;
  let n = count;
  let p = next;
  if (n < 32) {
    b |= load<u64>(p - 8) >> n;
    p -= <usize>((63 - n) >> 3);
    n |= 56;
  }
  let e = load<u32>(dc + (<usize>(b >> <u64>(64 - LOOK)) << 2));
  if (e == 0) {
    e = longCode(dc, false, <u32>(b >> 48));
    if (e == 0) return INVALID;
  }
  const length = <u64>(e & 31);
  const size = (e >> 5) & 15;
  let value = <i32>e >> 16;
  if (size) value = extend(<u32>((b << (length - size)) >> (64 - size)), size);
  keepBits(b << length, n - length, p);
  return value;
}

/** Reads the AC coefficients into a zeroed block: 1 where there are any, 0 for none, or INVALID. */
export function readAc(ac: usize, block: usize): i32 {
  let b = bits;
  let n = count;
  let p = next;
  let k: i32 = 1;
  let e: u32 = 0;
  let any: i32 = 0;
  while (k < 64) {
    if (n < 32) {
      b |= load<u64>(p - 8) >> n;
      p -= <usize>((63 - n) >> 3);
      n |= 56;
    }
    e = load<u32>(ac + (<usize>(b >> <u64>(64 - LOOK)) << 2));
    if (e == 0) {
      e = longCode(ac, true, <u32>(b >> 48));
      if (e == 0) return INVALID;
    }
    const length = <u64>(e & 31);
    const size = (e >> 5) & 15;
    let value = <i32>e >> 16;
    k += (e >> 9) & 127;
    if (size) value = extend(<u32>((b << (length - size)) >> (64 - size)), size);
    b <<= length;
    n -= length;
    if (value) {
      store<i16>(block + (natural(k - 1) << 1), <i16>value);
      any = 1;
    }
  }
  keepBits(b, n, p);
  if (k > 64 && ((e >> 9) & 127) < 64) return INVALID;
  return any;
}

/** Passes over the AC coefficients: 0, or INVALID. */
export function skipAc(ac: usize, skips: usize): i32 {
  let b = bits;
  let n = count;
  let p = next;
  let k: u32 = 1;
  while (k < 64) {
    if (n < 32) {
      b |= load<u64>(p - 8) >> n;
      p -= <usize>((63 - n) >> 3);
      n |= 56;
    }
    const several = <u32>load<u16>(skips + (<usize>(b >> <u64>(64 - SKIP_LOOK)) << 1));
    const moved = k + ((several >> 4) & 127);
    if (several != 0 && moved <= 64) {
      const length = <u64>(several & 15);
      b <<= length;
      n -= length;
      k = moved;
      if (several & 2048) k = 64;
      continue;
    }
    let e = load<u32>(ac + (<usize>(b >> <u64>(64 - LOOK)) << 2));
    if (e == 0) {
      e = longCode(ac, true, <u32>(b >> 48));
      if (e == 0) return INVALID;
    }
    b <<= <u64>(e & 31);
    n -= <u64>(e & 31);
    const advance = (e >> 9) & 127;
    if (advance >= 64) break;
    k += advance;
  }
  keepBits(b, n, p);
  return k > 64 ? INVALID : 0;
}
