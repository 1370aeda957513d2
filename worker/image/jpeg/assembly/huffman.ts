/**
 * Huffman tables (ITU-T T.81, annex C and F.2.2.3) as look-up tables.
 *
 * A 16-bit entry answers for the next LOOK bits: how many bits the code and its value take, and how
 * far it moves along the block. The value itself is not in it: cutting it out costs no branch, and
 * nothing waits for it.
 *
 *   bits 0..4    length: bits of code and value, 1..31; an entry of 0 is a code longer than LOOK
 *   bits 5..8    size: bits of the value, the last of them
 *   bits 9..15   advance: zeros before the coefficient, and itself; 64 + r ends a band (EOBr)
 */
import { BAD_TABLE, OK } from "./status.ts";

export const LOOK: u32 = 11;
const ENTRIES: i32 = 1 << <i32>LOOK;
/** AC codes of blocks whose values nobody needs are passed over several at a time. */
export const SKIP_LOOK: u32 = 13;
const SKIP_ENTRIES: i32 = 1 << <i32>SKIP_LOOK;

/** A table: the entries, then first-code bounds and offsets by length, values and a flag. */
const LIMITS: usize = <usize>ENTRIES * 2;
const OFFSETS: usize = LIMITS + 17 * 4;
const VALUES: usize = OFFSETS + 17 * 4;
const LENGTHS: usize = VALUES + 256;
const PRESENT: usize = LENGTHS + 256;
const SKIPS_READY: usize = PRESENT + 4;
const PAIRS_READY: usize = SKIPS_READY + 4;
const TABLE: usize = (PAIRS_READY + 4 + 15) & ~15;

/** DC 0..3, then AC 0..3. */
const TABLES: usize = memory.data(<i32>TABLE * 8, 16);
/** Pair tables and skip tables of AC 0..3. */
const PAIRS: usize = memory.data(65536, 16);
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
  const e = <u16>entry(isAc, symbol, length);
  const free = LOOK - length;
  const from = table + (<usize>(code << free) << 1);
  for (let i: usize = 0; i < <usize>1 << free; i++) store<u16>(from + (i << 1), e);
}

function entry(isAc: bool, symbol: u32, length: u32): u32 {
  const size = symbol & 15;
  const run = symbol >> 4;
  const advance = isAc && size == 0 && run < 15 ? 64 + run : run + 1;
  return (length + size) | (size << 5) | (advance << 9);
}

/** The entry for the next bits of `b`, the bit buffer, or 0. */
// @ts-ignore: decorator
@inline
export function look(table: usize, b: u64): u32 {
  return <u32>load<u16>(table + (<usize>(b >> <u64>(64 - LOOK)) << 1));
}

/** The number behind a code, its entry being `e` (ITU-T T.81, F.2.2.1, EXTEND); 0 of size 0. */
// @ts-ignore: decorator
@inline
export function valueOf(b: u64, e: u32): i32 {
  const power = 1 << ((e >> 5) & 15);
  const raw = <i32>(b >> <u64>(0 - (e & 31))) & (power - 1);
  return raw + (((raw - (power >> 1)) >> 31) & (1 - power));
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
 * The pair table of an AC table: for the next LOOK bits, one or two codes with their values.
 *
 *   u8 length, u8 advance of the first, u8 and of the second, i16 value of the first (at 4), i16 and
 *   of the second. No second: advance and value 0. What does not lie within LOOK bits, and an end of
 *   block as first: an advance past any block, take one code by itself.
 */
export function pairTable(id: i32): usize {
  const table = acTable(id);
  const pairs = PAIRS + <usize>id * (ENTRIES * 8);
  if (load<u32>(table + PAIRS_READY)) return pairs;
  store<u32>(table + PAIRS_READY, 1);
  for (let i = 0; i < ENTRIES; i++) {
    const to = pairs + (<usize>i << 3);
    store<u64>(to, 127 << 8);
    const b = <u64>i << (64 - LOOK);
    const first = look(table, b);
    const length = first & 31;
    if (first == 0 || length > LOOK || first >> 9 >= 64) continue;
    store<u8>(to, <u8>length);
    store<u8>(to, <u8>(first >> 9), 1);
    store<i16>(to, <i16>valueOf(b, first), 4);
    const second = look(table, b << length);
    const both = length + (second & 31);
    if (second == 0 || both > LOOK) continue;
    store<u8>(to, <u8>both);
    store<u8>(to, <u8>(second >> 9), 2);
    store<i16>(to, <i16>valueOf(b << length, second), 6);
  }
  return pairs;
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
