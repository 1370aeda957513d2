/** Blocks of progressive scans (ITU-T T.81, annex G), kept as `store.ts` says. */
import { bits, count, keepBits, next } from "./bits.ts";
import { Component } from "./frame.ts";
import { longCode, look, valueOf } from "./huffman.ts";
import { MASK_BYTES } from "./store.ts";
import { needed, places } from "./zigzag.ts";

/** Blocks, this one included, that the end-of-band run still covers. */
export let eobRun: i32 = 0;

export function setEobRun(blocks: i32): void {
  eobRun = blocks;
}

/** The next bit. */
export function takeBit(): bool {
  const b = count == 0 ? load<u64>(next - 8) : bits;
  if (count == 0) keepBits(b << 1, 55, next - 7);
  else keepBits(b << 1, count - 1, next);
  return <i64>b < 0;
}

/** Blocks of a band that ends here, in `r` bits from the top of `b`, this one included (G.1.2.2). */
// @ts-ignore: decorator
@inline
function runOf(b: u64, r: u32): i32 {
  return (1 << r) + <i32>((b >> 1) >> <u64>(63 - r));
}

/** First scan of coefficients `from`..`to` of a block (G.1.2.2); false for codes that cannot be. */
export function firstAc(c: Component, ac: usize, block: usize, from: i32, to: i32, shift: i32): bool {
  // Like `decodeBlocks`: the bit buffer lives in locals, and is filled up behind the look-up.
  let b = bits;
  let n = count;
  let p = next;
  b |= load<u64>(p - 8) >> n;
  p -= <usize>((63 - n) >> 3);
  n |= 56;
  const placeOf = places(c.size) - 1;
  const values = block + MASK_BYTES;
  let mask = load<u64>(block);
  let k = from;
  while (k <= to) {
    let e = look(ac, b);
    b |= load<u64>(p - 8) >> n;
    p -= <usize>((63 - n) >> 3);
    n |= 56;
    if (e == 0) {
      e = longCode(ac, true, <u32>(b >> 48));
      if (e == 0) return false;
    }
    const advance = <i32>(e >> 9);
    const value = valueOf(b, e);
    b <<= <u64>(e & 31);
    n -= <u64>(e & 31);
    if (advance >= 64) {
      const r = advance - 64;
      eobRun = runOf(b, r) - 1;
      b <<= <u64>r;
      n -= <u64>r;
      break;
    }
    k += advance;
    if (value) {
      if (k - 1 > to) return false;
      mask |= <u64>1 << (k - 1);
      store<i16>(values + <usize>load<u8>(placeOf + k), <i16>(value << shift));
    }
  }
  keepBits(b, n, p);
  store<u64>(block, mask);
  return true;
}

/** Correction bits of a block that is being refined, the last one lowest. */
let corrections: u64 = 0;

/**
 * A refining scan of coefficients `from`..`to` of a block (G.1.2.3).
 *
 * Every coefficient that is not zero yet has a correction bit, in order, between the codes of new
 * ones. They are set aside, and applied at the end to those that the scale needs.
 */
export function refineAc(c: Component, ac: usize, block: usize, from: i32, to: i32, shift: i32): bool {
  let mask = load<u64>(block);
  const nonzero = mask & (<u64>-1 << from) & (<u64>-1 >> (63 - to));
  let k = from;
  corrections = 0;
  if (eobRun == 0) {
    const placeOf = places(c.size) - 1;
    let b = bits;
    let n = count;
    let p = next;
    b |= load<u64>(p - 8) >> n;
    p -= <usize>((63 - n) >> 3);
    n |= 56;
    while (k <= to) {
      let e = look(ac, b);
      b |= load<u64>(p - 8) >> n;
      p -= <usize>((63 - n) >> 3);
      n |= 56;
      if (e == 0) {
        e = longCode(ac, true, <u32>(b >> 48));
        if (e == 0) return false;
      }
      if (((e >> 5) & 15) > 1) return false;
      const value = valueOf(b, e);
      b <<= <u64>(e & 31);
      n -= <u64>(e & 31);
      const zeros = <i32>(e >> 9) - 1;
      if (zeros >= 63) {
        const r = zeros - 63;
        eobRun = runOf(b, r);
        b <<= <u64>r;
        n -= <u64>r;
        break;
      }
      const ahead = nonzero >> k;
      const passed = countPassed(ahead, zeros);
      if (passed > 24) {
        // More bits than a code is sure to have left.
        keepBits(b, n, p);
        takeCorrections(passed);
        b = bits;
        n = count;
        p = next;
      } else {
        corrections = (corrections << passed) | ((b >> 1) >> <u64>(63 - passed));
        b <<= <u64>passed;
        n -= <u64>passed;
      }
      k += zeros + passed + 1;
      if (value) {
        if (k - 1 > to) return false;
        mask |= <u64>1 << (k - 1);
        store<i16>(block + MASK_BYTES + <usize>load<u8>(placeOf + k), <i16>(value << shift));
      }
    }
    keepBits(b, n, p);
    store<u64>(block, mask);
  }
  if (eobRun > 0) {
    eobRun--;
    takeCorrections(<i32>popcnt(nonzero >> k));
  }
  if (corrections) correct(c, block, nonzero, shift);
  return true;
}

/** How many of the set bits of `ahead` come before its clear bit number `zeros`. */
// @ts-ignore: decorator
@inline
function countPassed(ahead: u64, zeros: i32): i32 {
  let passed = <i32>popcnt(ahead & ((<u64>2 << zeros) - 1));
  while (true) {
    // A band begins at 1, so bit 62 is the last.
    const further = <i32>popcnt(ahead & ((<u64>2 << min(zeros + passed, 62)) - 1));
    if (further == passed) return passed;
    passed = further;
  }
}

/** The next `n` bits are correction bits. */
function takeCorrections(n: i32): void {
  while (n > 0) {
    const now = min(n, 32);
    const b = bits | (load<u64>(next - 8) >> count);
    const p = next - <usize>((63 - count) >> 3);
    corrections = (corrections << now) | (b >> (64 - now));
    keepBits(b << now, (count | 56) - now, p);
    n -= now;
  }
}

/** Adds the corrections, one for each coefficient in `nonzero`, to those that are needed. */
function correct(c: Component, block: usize, nonzero: u64, shift: i32): void {
  const placeOf = places(c.size);
  let wanted = nonzero & needed(c.size);
  while (wanted) {
    const lowest = wanted & (0 - wanted);
    const one = <i32>(corrections >> popcnt(nonzero & (0 - (lowest << 1)))) & 1;
    const at = block + MASK_BYTES + <usize>load<u8>(placeOf + <usize>ctz(wanted));
    const value = <i32>load<i16>(at);
    store<i16>(at, <i16>(value + ((((value >> 31) | 1) << shift) & -one)));
    wanted ^= lowest;
  }
}
