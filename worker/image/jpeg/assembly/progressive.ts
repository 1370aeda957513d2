/** Blocks of progressive scans (ITU-T T.81, annex G), kept as `store.ts` says. */
import { bits, count, keepBits, next } from "./bits.ts";
import { Component } from "./frame.ts";
import { extend, LOOK, longCode } from "./huffman.ts";
import { slots } from "./zigzag.ts";

/** Blocks, this one included, that the end-of-band run still covers. */
export let eobRun: i32 = 0;

export function setEobRun(blocks: i32): void {
  eobRun = blocks;
}

/** The next `n` bits, 0..16. */
export function takeBits(n: u64): u32 {
  if (n == 0) return 0;
  let b = bits;
  let have = count;
  let p = next;
  if (have < n) {
    b |= load<u64>(p - 8) >> have;
    p -= <usize>((63 - have) >> 3);
    have |= 56;
  }
  const value = <u32>(b >> (64 - n));
  keepBits(b << n, have - n, p);
  return value;
}

/** The next code's entry (`huffman.ts`), its own and its value's bits taken; 0 for none. */
function takeEntry(ac: usize): u32 {
  let b = bits;
  let n = count;
  let p = next;
  if (n < 32) {
    b |= load<u64>(p - 8) >> n;
    p -= <usize>((63 - n) >> 3);
    n |= 56;
  }
  let e = load<u32>(ac + (<usize>(b >> <u64>(64 - LOOK)) << 2));
  if (e == 0) {
    e = longCode(ac, true, <u32>(b >> 48));
    if (e == 0) return 0;
  }
  const length = <u64>(e & 31);
  const size = (e >> 5) & 15;
  if (size) {
    const value = extend(<u32>((b << (length - size)) >> (64 - size)), size);
    e = (e & 0xfe1f) | (<u32>value << 16);
  }
  keepBits(b << length, n - length, p);
  return e;
}

// @ts-ignore: decorator
@inline
function put(c: Component, block: usize, k: i32, value: i32): void {
  const slot = load<u8>(slots(c.size) + k);
  if (slot != 255) store<i16>(block + 8 + (<usize>slot << 1), <i16>value);
}

/** First scan of coefficients `from`..`to` of a block (G.1.2.2); false for codes that cannot be. */
export function firstAc(c: Component, ac: usize, block: usize, from: i32, to: i32, shift: i32): bool {
  let mask = load<u64>(block);
  let k = from;
  while (k <= to) {
    const e = takeEntry(ac);
    if (e == 0) return false;
    const advance = <i32>((e >> 9) & 127);
    if (advance >= 64) {
      const r = advance - 64;
      eobRun = (1 << r) + <i32>takeBits(r) - 1;
      break;
    }
    k += advance;
    const value = <i32>e >> 16;
    if (value) {
      if (k - 1 > to) return false;
      mask |= <u64>1 << (k - 1);
      put(c, block, k - 1, value << shift);
    }
  }
  store<u64>(block, mask);
  return true;
}

/** One more bit for a coefficient that is not zero. */
// @ts-ignore: decorator
@inline
function refine(c: Component, block: usize, k: i32, bit: i32): void {
  if (takeBits(1) == 0) return;
  const slot = load<u8>(slots(c.size) + k);
  if (slot == 255) return;
  const address = block + 8 + (<usize>slot << 1);
  const value = <i32>load<i16>(address);
  if ((value & bit) == 0) store<i16>(address, <i16>(value >= 0 ? value + bit : value - bit));
}

/** A refining scan of coefficients `from`..`to` of a block (G.1.2.3). */
export function refineAc(c: Component, ac: usize, block: usize, from: i32, to: i32, shift: i32): bool {
  const bit = 1 << shift;
  let mask = load<u64>(block);
  let k = from;
  if (eobRun == 0) {
    while (k <= to) {
      const e = takeEntry(ac);
      if (e == 0) return false;
      const advance = <i32>((e >> 9) & 127);
      if (advance >= 64) {
        const r = advance - 64;
        eobRun = (1 << r) + <i32>takeBits(r);
        break;
      }
      let run = advance - 1;
      const value = <i32>e >> 16;
      if (value > 1 || value < -1) return false;
      while (k <= to) {
        if ((mask >> k) & 1) refine(c, block, k, bit);
        else if (--run < 0) break;
        k++;
      }
      if (value) {
        if (k > to) return false;
        mask |= <u64>1 << k;
        put(c, block, k, value > 0 ? bit : -bit);
      }
      k++;
    }
  }
  if (eobRun > 0) {
    eobRun--;
    if (k <= to) {
      let rest = mask & (<u64>-1 << k) & (<u64>-1 >> (63 - to));
      while (rest) {
        refine(c, block, <i32>ctz(rest), bit);
        rest &= rest - 1;
      }
    }
  }
  store<u64>(block, mask);
  return true;
}
