/** Quantisation tables (ITU-T T.81, B.2.4.1). */
import { component } from "./frame.ts";
import { BAD_TABLE, CUT_SHORT, MISSING_TABLE, OK } from "./status.ts";
import { byteAt, wordAt } from "./input.ts";
import { places } from "./zigzag.ts";

/** 64 u16 a table, in scan order. */
const DEFINED: usize = memory.data(512, 16);
/** A component keeps the table that was current at its first scan, laid out as its blocks are. */
const LATCHED: usize = memory.data(576, 16);
const LATCHED_BYTES: usize = 144;
let present: i32 = 0;

export function forgetQuantisation(): void {
  present = 0;
}

/** A DQT segment of `length` bytes at the input's position. */
export function readQuantisation(length: i32): i32 {
  let at = 0;
  while (at < length) {
    const head = byteAt(at);
    const id = head & 15;
    const wide = head >> 4;
    if (id > 3 || wide > 1) return BAD_TABLE;
    at += 1;
    if (at + (64 << wide) > length) return CUT_SHORT;
    for (let k = 0; k < 64; k++) {
      const q = wide ? wordAt(at + 2 * k) : byteAt(at + k);
      store<u16>(DEFINED + <usize>id * 128 + (k << 1), <u16>q);
    }
    at += 64 << wide;
    present |= 1 << id;
  }
  return OK;
}

export function latch(index: i32, id: i32): i32 {
  if (((present >> id) & 1) == 0) return MISSING_TABLE;
  const placeOf = places(component(index).size);
  for (let k: usize = 0; k < 64; k++) {
    const q = load<u16>(DEFINED + <usize>id * 128 + (k << 1));
    store<u16>(latched(index) + <usize>load<u8>(placeOf + k), q);
  }
  return OK;
}

// @ts-ignore: decorator
@inline
export function latched(index: i32): usize {
  return LATCHED + <usize>index * LATCHED_BYTES;
}
