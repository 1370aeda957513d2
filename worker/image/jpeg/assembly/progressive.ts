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

/** First scan of coefficients `from`..`to` of a block (G.1.2.2); false for codes that cannot be. */
export function firstAc(c: Component, ac: usize, block: usize, from: i32, to: i32, shift: i32): bool {
  // Like `readAc`: the bit buffer lives in locals, which is most of what this loop costs.
  let b = bits;
  let n = count;
  let p = next;
  const slotOf = slots(c.size);
  const values = block + 8;
  let mask = load<u64>(block);
  let k = from;
  while (k <= to) {
    if (n < 32) {
      b |= load<u64>(p - 8) >> n;
      p -= <usize>((63 - n) >> 3);
      n |= 56;
    }
    let e = load<u32>(ac + (<usize>(b >> <u64>(64 - LOOK)) << 2));
    if (e == 0) {
      e = longCode(ac, true, <u32>(b >> 48));
      if (e == 0) return false;
    }
    const length = <u64>(e & 31);
    const size = (e >> 5) & 15;
    let value = <i32>e >> 16;
    const advance = <i32>((e >> 9) & 127);
    if (advance >= 64) {
      keepBits(b << length, n - length, p);
      const r = advance - 64;
      eobRun = (1 << r) + <i32>takeBits(r) - 1;
      store<u64>(block, mask);
      return true;
    }
    if (size) value = extend(<u32>((b << (length - size)) >> (64 - size)), size);
    b <<= length;
    n -= length;
    k += advance;
    if (value) {
      if (k - 1 > to) return false;
      mask |= <u64>1 << (k - 1);
      const slot = load<u8>(slotOf + k - 1);
      if (slot != 255) store<i16>(values + (<usize>slot << 1), <i16>(value << shift));
    }
  }
  keepBits(b, n, p);
  store<u64>(block, mask);
  return true;
}

/** A refining scan of coefficients `from`..`to` of a block (G.1.2.3). */
export function refineAc(c: Component, ac: usize, block: usize, from: i32, to: i32, shift: i32): bool {
  const bit = 1 << shift;
  let mask = load<u64>(block);
  const band = (<u64>-1 << from) & (<u64>-1 >> (63 - to));
  let k = from;
  if (eobRun == 0) {
    while (k <= to) {
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
        if (e == 0) return false;
      }
      const length = <u64>(e & 31);
      const size = (e >> 5) & 15;
      if (size > 1) return false;
      const value = size ? extend(<u32>((b << (length - 1)) >> 63), 1) : <i32>e >> 16;
      keepBits(b << length, n - length, p);
      const advance = <i32>((e >> 9) & 127);
      if (advance >= 64) {
        const r = advance - 64;
        eobRun = (1 << r) + <i32>takeBits(r);
        break;
      }
      if (value > 1 || value < -1) return false;
      // The coefficient comes after `advance - 1` zeros; those that are not zero are refined on
      // the way.
      let zeros = ~mask & band & (<u64>-1 << k);
      for (let i = 1; i < advance; i++) zeros &= zeros - 1;
      const place = zeros ? <i32>ctz(zeros) : to + 1;
      refine(c, block, mask & band & (<u64>-1 << k) & ~(place < 64 ? <u64>-1 << place : 0), bit);
      k = place;
      if (value) {
        if (k > to) return false;
        mask |= <u64>1 << k;
        const slot = load<u8>(slots(c.size) + k);
        if (slot != 255) {
          store<i16>(block + 8 + (<usize>slot << 1), <i16>(value > 0 ? bit : -bit));
        }
      }
      k++;
    }
  }
  if (eobRun > 0) {
    eobRun--;
    if (k <= to) refine(c, block, mask & band & (<u64>-1 << k), bit);
  }
  store<u64>(block, mask);
  return true;
}

/** One more bit for each coefficient in `set`, in order. */
function refine(c: Component, block: usize, set: u64, bit: i32): void {
  if (set == 0) return;
  let b = bits;
  let n = count;
  let p = next;
  const slotOf = slots(c.size);
  const values = block + 8;
  let rest = set;
  while (rest) {
    const k = <usize>ctz(rest);
    rest &= rest - 1;
    if (n == 0) {
      b = load<u64>(p - 8);
      p -= 7;
      n = 56;
    }
    const one = <i64>b < 0;
    b <<= 1;
    n -= 1;
    if (!one) continue;
    const slot = load<u8>(slotOf + k);
    if (slot == 255) continue;
    const address = values + (<usize>slot << 1);
    const value = <i32>load<i16>(address);
    if ((value & bit) == 0) store<i16>(address, <i16>(value >= 0 ? value + bit : value - bit));
  }
  keepBits(b, n, p);
}
