/**
 * The entropy-coded bits of one restart interval, with the byte stuffing already taken out.
 *
 * Bytes are kept in reverse: the first at the highest address. A little-endian load of eight then
 * has the earliest byte on top, and a refill needs neither byte swap nor test for 0xff.
 */
import { at, end, ensure, exhausted, moveTo } from "./input.ts";

/** No MCU is longer: 10 blocks of 64 codes of 16 bits with 15 more each, and a margin. */
const MCU_BYTES: usize = 4096;
const BOTTOM: usize = memory.data(24576, 16);
const TOP: usize = BOTTOM + 24576;

/** The bit buffer: `count` valid bits from the top of `bits`, then the bytes below `next`. */
export let bits: u64 = 0;
export let count: u64 = 0;
export let next: usize = TOP;
/** The lowest byte that is filled. */
let limit: usize = TOP;
/** The segment has ended: `marker` follows (0: the file ended). */
let ended: bool = false;
export let marker: i32 = 0;

// @ts-ignore: decorator
@inline
export function keepBits(buffer: u64, valid: u64, following: usize): void {
  bits = buffer;
  count = valid;
  next = following;
}

export function openSegment(): void {
  bits = 0;
  count = 0;
  next = TOP;
  limit = TOP;
  ended = false;
  marker = 0;
  topUp();
}

/** Call before each MCU: its bytes are then in the buffer, or zeros where the segment ends. */
// @ts-ignore: decorator
@inline
export function ensureMcu(): void {
  if (next < limit + MCU_BYTES) {
    if (!ended) topUp();
  }
}

/** Whether more bits were taken than the segment has. */
// @ts-ignore: decorator
@inline
export function overrun(): bool {
  return next < limit && <i64>(limit - next) * 8 > <i64>count;
}

/** Reads on to the marker behind the segment, for whoever stopped before its end. */
export function finishSegment(): void {
  while (!ended) {
    next = limit;
    count = 0;
    topUp();
  }
}

function topUp(): void {
  const rest = next > limit ? next - limit : 0;
  memory.copy(TOP - rest, limit, rest);
  next = TOP;
  let out = TOP - rest;
  const floor = BOTTOM + MCU_BYTES + 64;
  const ff = i8x16.splat(-1);
  while (out >= floor) {
    if (end < at + 32) ensure(32);
    const chunk = v128.load(at);
    const found = i8x16.bitmask(i8x16.eq(chunk, ff));
    v128.store(
      out - 16,
      i8x16.shuffle(chunk, chunk, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
    );
    if (found == 0) {
      out -= 16;
      moveTo(at + 16);
      continue;
    }
    const plain = ctz(found);
    out -= plain;
    moveTo(at + plain);
    const code = <i32>load<u8>(at + 1);
    if (code == 0) {
      out -= 1;
      store<u8>(out, 0xff);
      moveTo(at + 2);
    } else if (code == 0xff) {
      moveTo(at + 1);
    } else {
      ended = true;
      marker = exhausted() ? 0 : code;
      if (marker) moveTo(at + 2);
      break;
    }
  }
  limit = out;
  if (ended) memory.fill(out - MCU_BYTES - 32, 0, MCU_BYTES + 32);
}
