/**
 * Huffman tables (ITU-T T.81, annex C and F.2.2.3) as look-up tables.
 *
 * An entry answers for the next LOOK bits: how many bits the code and its value take, how far it
 * moves along the block, and the value itself where that lies within the LOOK bits too.
 *
 *   bits 0..4    length: bits of code and value, 1..31; an entry of 0 is a code longer than LOOK
 *   bits 5..8    size: bits of the value that are still to be read, 0 where `value` is it
 *   bits 9..15   advance: zeros before the coefficient, and itself; 64 + r ends a band (EOBr)
 *   bits 16..31  value, signed
 */
import { BAD_TABLE, OK } from "./status.ts";

export const LOOK: u32 = 11;
const ENTRIES: i32 = 1 << <i32>LOOK;
/** AC codes of blocks whose values nobody needs are passed over several at a time. */
export const SKIP_LOOK: u32 = 13;
const SKIP_ENTRIES: i32 = 1 << <i32>SKIP_LOOK;

/** A table: the entries, then first-code bounds and offsets by length, values and a flag. */
const LIMITS: usize = <usize>ENTRIES * 4;
const OFFSETS: usize = LIMITS + 17 * 4;
const VALUES: usize = OFFSETS + 17 * 4;
const LENGTHS: usize = VALUES + 256;
const PRESENT: usize = LENGTHS + 256;
const SKIPS_READY: usize = PRESENT + 4;
const TABLE: usize = (SKIPS_READY + 4 + 15) & ~15;

/** DC 0..3, then AC 0..3. */
const TABLES: usize = memory.data(71296, 16);
/** Skip tables of AC 0..3. */
const SKIPS: usize = memory.data(65536, 16);
const SINGLES: usize = memory.data(32768, 16);

// @ts-ignore: decorator
@inline
export function dcTable(id: i32): usize {
  return TABLES + <usize>id * TABLE;
}

// @ts-ignore: decorator
@inline
export function acTable(id: i32): usize {
  return TABLES + <usize>(id + 4) * TABLE;
}

export function isPresent(table: usize): bool {
  return load<u32>(table + PRESENT) != 0;
}

export function forgetTables(): void {
  for (let id = 0; id < 8; id++) store<u32>(dcTable(id) + PRESENT, 0);
}

/** `counts`: 16 bytes, codes of each length; `symbols`: as many as they add up to, at most 256. */
export function defineTable(isAc: bool, id: i32, counts: usize, symbols: usize, total: i32): i32 {
  const table = isAc ? acTable(id) : dcTable(id);
  memory.fill(table, 0, TABLE);
  let code: u32 = 0;
  let k = 0;
  for (let length: u32 = 1; length <= 16; length++) {
    const n = <u32>load<u8>(counts + length - 1);
    store<i32>(table + OFFSETS + length * 4, k - <i32>code);
    for (let i: u32 = 0; i < n; i++, k++, code++) {
      const symbol = <u32>load<u8>(symbols + k);
      if (!isAc && symbol > 15) return BAD_TABLE;
      if (code >> length) return BAD_TABLE;
      store<u8>(table + VALUES + k, <u8>symbol);
      store<u8>(table + LENGTHS + k, <u8>length);
      if (length <= LOOK) fillEntries(table, isAc, symbol, length, code);
    }
    store<u32>(table + LIMITS + length * 4, code << (16 - length));
    code <<= 1;
  }
  if (k != total) return BAD_TABLE;
  store<u32>(table + PRESENT, 1 + k);
  return OK;
}

function fillEntries(table: usize, isAc: bool, symbol: u32, length: u32, code: u32): void {
  const plain = entry(isAc, symbol, length);
  const size = (plain >> 5) & 15;
  const free = LOOK - length;
  const from = code << free;
  for (let low: u32 = 0; low < 1 << free; low++) {
    let e = plain;
    if (size != 0 && size <= free) {
      const value = extend(low >> (free - size), size);
      e = (plain & 0xfe1f) | (<u32>value << 16);
    }
    store<u32>(table + ((from + low) << 2), e);
  }
}

/** The entry of a code whose value is still to be read. */
function entry(isAc: bool, symbol: u32, length: u32): u32 {
  const size = symbol & 15;
  const run = symbol >> 4;
  const advance = isAc && size == 0 && run < 15 ? 64 + run : run + 1;
  return (length + size) | (size << 5) | (advance << 9);
}

/** The number that `size` raw bits stand for (ITU-T T.81, F.2.2.1, EXTEND). */
// @ts-ignore: decorator
@inline
export function extend(raw: u32, size: u32): i32 {
  const v = <i32>raw;
  return v + (((v - (1 << (size - 1))) >> 31) & ((-1 << size) + 1));
}

/** The entry for a code longer than LOOK, from the next 16 bits; 0 where there is no such code. */
export function longCode(table: usize, isAc: bool, peek: u32): u32 {
  for (let length: u32 = LOOK + 1; length <= 16; length++) {
    if (peek < load<u32>(table + LIMITS + length * 4)) {
      const index = <i32>(peek >> (16 - length)) + load<i32>(table + OFFSETS + length * 4);
      if (index < 0 || index > 255) return 0;
      return entry(isAc, load<u8>(table + VALUES + index), length);
    }
  }
  return 0;
}

/**
 * The skip table of an AC table: for the next SKIP_LOOK bits, all codes that lie within them.
 * 16-bit entries: bits 0..3 length, 4..10 advance, 11 the block ends; 0: take one code by itself.
 */
export function skipTable(id: i32): usize {
  const table = acTable(id);
  const skips = SKIPS + <usize>id * (SKIP_ENTRIES * 2);
  if (load<u32>(table + SKIPS_READY)) return skips;
  store<u32>(table + SKIPS_READY, 1);
  fillSingles(table);
  for (let i = 0; i < SKIP_ENTRIES; i++) {
    let used: u32 = 0;
    let advance: u32 = 0;
    let over: u32 = 0;
    while (used < SKIP_LOOK) {
      const e = load<u32>(SINGLES + (((i << used) & (SKIP_ENTRIES - 1)) << 2));
      const length = e & 31;
      if (e == 0 || used + length > SKIP_LOOK) break;
      const step = e >> 9;
      if (advance + (step >= 64 ? 1 : step) > 63) break;
      used += length;
      if (step >= 64) {
        advance += 1;
        over = 1;
        break;
      }
      advance += step;
    }
    store<u16>(skips + (i << 1), <u16>(used | (advance << 4) | (over << 11)));
  }
  return skips;
}

function fillSingles(table: usize): void {
  memory.fill(SINGLES, 0, SKIP_ENTRIES * 4);
  const total = <i32>load<u32>(table + PRESENT) - 1;
  let position: u32 = 0;
  for (let k = 0; k < total; k++) {
    const length = <u32>load<u8>(table + LENGTHS + k);
    if (length > SKIP_LOOK) break;
    const e = entry(true, load<u8>(table + VALUES + k), length);
    // Codes in order fill the table in order.
    const n: u32 = 1 << (SKIP_LOOK - length);
    for (let i: u32 = 0; i < n; i++) store<u32>(SINGLES + ((position + i) << 2), e);
    position += n;
  }
}
