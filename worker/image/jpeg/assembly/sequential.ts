/** Blocks of a sequential scan (ITU-T T.81, F.2.2). */
import { bits, count, keepBits, next } from "./bits.ts";
import { samplesAt, transform } from "./blocks.ts";
import { Component } from "./frame.ts";
import { acTable, dcTable, LOOK, longCode, look, pairTable, SKIP_LOOK, skipTable, valueOf } from "./huffman.ts";
import { idct1 } from "./idct.ts";
import { latched } from "./quantisation.ts";
import { dcPlace, places } from "./zigzag.ts";

/** No difference: a code that does not exist. */
export const INVALID: i32 = i32.MIN_VALUE;

/** One block being decoded, zeroed whenever nobody is at it. */
const BLOCK: usize = memory.data(144, 16);

/** The next DC difference, or INVALID. */
export function readDifference(dc: usize): i32 {
  let b = bits;
  let n = count;
  let p = next;
  b |= load<u64>(p - 8) >> n;
  p -= <usize>((63 - n) >> 3);
  n |= 56;
  let e = look(dc, b);
  if (e == 0) {
    e = longCode(dc, false, <u32>(b >> 48));
    if (e == 0) return INVALID;
  }
  keepBits(b << <u64>(e & 31), n - <u64>(e & 31), p);
  return valueOf(b, e);
}

/**
 * A component's blocks of MCU `x` of row `m`, to samples; false for codes that cannot be.
 *
 * The bit buffer lives in locals, and each code is looked up before the buffer is filled up again
 * (25 bits are left by then, a look needs LOOK): the way from one code to the next is then a shift
 * and a load.
 */
export function decodeBlocks(c: Component, index: i32, x: i32, m: i32): bool {
  const dc = dcTable(c.dc);
  const ac = acTable(c.ac);
  const pairs = pairTable(c.ac);
  const quant = latched(index);
  const dcAt = BLOCK + dcPlace(c.size);
  const placeOf = places(c.size) - 1;
  let b = bits;
  let n = count;
  let p = next;
  for (let j = 0; j < c.v; j++) {
    for (let i = 0; i < c.h; i++) {
      b |= load<u64>(p - 8) >> n;
      p -= <usize>((63 - n) >> 3);
      n |= 56;
      let e = look(dc, b);
      if (e == 0) {
        e = longCode(dc, false, <u32>(b >> 48));
        if (e == 0) return false;
      }
      c.predicted += valueOf(b, e);
      b <<= <u64>(e & 31);
      n -= <u64>(e & 31);
      let k: u32 = 1;
      let last: u32 = 0;
      while (k < 64) {
        const pair = pairs + <usize>((b >> <u64>(64 - LOOK - 3)) & (((1 << LOOK) - 1) << 3));
        b |= load<u64>(p - 8) >> n;
        p -= <usize>((63 - n) >> 3);
        n |= 56;
        const first = k + <u32>load<u8>(pair, 1);
        if (first < 64) {
          last = <u32>load<u8>(pair, 2);
          k = first + last;
          // Where there is no second value, the first one lands on it.
          store<i16>(BLOCK + <usize>load<u8>(placeOf + k), load<i16>(pair, 6));
          store<i16>(BLOCK + <usize>load<u8>(placeOf + first), load<i16>(pair, 4));
          const length = <u64>load<u8>(pair);
          b <<= length;
          n -= length;
          continue;
        }
        e = look(ac, b);
        if (e == 0) {
          e = longCode(ac, true, <u32>(b >> 48));
          if (e == 0) break;
        }
        last = e >> 9;
        k += last;
        store<i16>(BLOCK + <usize>load<u8>(placeOf + k), <i16>valueOf(b, e));
        b <<= <u64>(e & 31);
        n -= <u64>(e & 31);
      }
      store<i16>(dcAt, <i16>c.predicted);
      // A block that ends with its first AC code has no other coefficient.
      transform(c.size, BLOCK, quant, k != 65, samplesAt(c, x * c.h + i, j, m), c.stride);
      clear(c.size);
      if (e == 0 || (k > 64 && last < 64)) return false;
    }
  }
  keepBits(b, n, p);
  return true;
}

// @ts-ignore: decorator
@inline
function clear(size: i32): void {
  const zero = i64x2.splat(0);
  v128.store(BLOCK, zero);
  v128.store(BLOCK, zero, 16);
  v128.store(BLOCK, zero, 32);
  v128.store(BLOCK, zero, 48);
  if (size == 2) return;
  v128.store(BLOCK, zero, 64);
  v128.store(BLOCK, zero, 80);
  v128.store(BLOCK, zero, 96);
  v128.store(BLOCK, zero, 112);
}

/** The same where DC coefficients alone matter. */
export function skipBlocks(c: Component, index: i32, x: i32, m: i32): bool {
  const dc = dcTable(c.dc);
  const ac = acTable(c.ac);
  const skips = skipTable(c.ac);
  const scale = <i32>load<u16>(latched(index));
  for (let j = 0; j < c.v; j++) {
    for (let i = 0; i < c.h; i++) {
      const difference = readDifference(dc);
      if (difference == INVALID || !skipAc(ac, skips)) return false;
      c.predicted += difference;
      idct1(c.predicted * scale, samplesAt(c, x * c.h + i, j, m));
    }
  }
  return true;
}

/** Passes over the AC coefficients; false for codes that cannot be. */
// @ts-ignore: decorator
@inline
export function skipAc(ac: usize, skips: usize): bool {
  let b = bits;
  let n = count;
  let p = next;
  b |= load<u64>(p - 8) >> n;
  p -= <usize>((63 - n) >> 3);
  n |= 56;
  let k: u32 = 1;
  while (k < 64) {
    const several = <u32>load<u16>(skips + (<usize>(b >> <u64>(64 - SKIP_LOOK)) << 1));
    b |= load<u64>(p - 8) >> n;
    p -= <usize>((63 - n) >> 3);
    n |= 56;
    const moved = k + ((several >> 4) & 127);
    if (several != 0 && moved <= 64) {
      b <<= <u64>(several & 15);
      n -= <u64>(several & 15);
      k = several & 2048 ? 64 : moved;
      continue;
    }
    let e = look(ac, b);
    if (e == 0) {
      e = longCode(ac, true, <u32>(b >> 48));
      if (e == 0) return false;
    }
    b <<= <u64>(e & 31);
    n -= <u64>(e & 31);
    const advance = e >> 9;
    if (advance >= 64) break;
    k += advance;
  }
  keepBits(b, n, p);
  return k <= 64;
}
