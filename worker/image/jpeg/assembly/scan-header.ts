/** A scan's header (ITU-T T.81, B.2.3): which components, which coefficients, down to which bit. */
import { component, components, progressive } from "./frame.ts";
import { acTable, dcTable, isPresent } from "./huffman.ts";
import { byteAt } from "./input.ts";
import { latch } from "./quantisation.ts";
import { BAD_SCAN, MISSING_TABLE, OK } from "./status.ts";

/** Indices of the scan's components. */
const CHOSEN: usize = memory.data(4);

/** How many components the scan has. */
export let scanned: i32 = 0;
/** The band of coefficients, and its bits: down to `low`, on top of `high` (0: the first). */
export let from: i32 = 0;
export let to: i32 = 0;
export let high: i32 = 0;
export let low: i32 = 0;

// @ts-ignore: decorator
@inline
export function chosen(i: i32): i32 {
  return load<u8>(CHOSEN + i);
}

/** A start-of-scan segment of `length` bytes at the input's position. */
export function readScan(length: i32): i32 {
  scanned = byteAt(0);
  if (scanned < 1 || scanned > components || length != 4 + 2 * scanned) return BAD_SCAN;
  let blocks = 0;
  for (let i = 0; i < scanned; i++) {
    let index = -1;
    for (let j = 0; j < components; j++) if (component(j).id == byteAt(1 + 2 * i)) index = j;
    // Components come in the frame's order (B.2.3).
    if (index < 0 || (i > 0 && index <= chosen(i - 1))) return BAD_SCAN;
    const c = component(index);
    c.dc = byteAt(2 + 2 * i) >> 4;
    c.ac = byteAt(2 + 2 * i) & 15;
    if (c.dc > 3 || c.ac > 3) return BAD_SCAN;
    store<u8>(CHOSEN + i, <u8>index);
    blocks += c.h * c.v;
  }
  if (scanned > 1 && blocks > 10) return BAD_SCAN;
  from = byteAt(1 + 2 * scanned);
  to = byteAt(2 + 2 * scanned);
  high = byteAt(3 + 2 * scanned) >> 4;
  low = byteAt(3 + 2 * scanned) & 15;
  return progressive ? checkProgression() : checkSequence();
}

function checkSequence(): i32 {
  // Some encoders leave other numbers here; sequential scans hold everything whatever they say.
  from = 0;
  to = 63;
  high = 0;
  low = 0;
  for (let i = 0; i < scanned; i++) {
    const c = component(chosen(i));
    if (!isPresent(dcTable(c.dc)) || !isPresent(acTable(c.ac))) return MISSING_TABLE;
  }
  return OK;
}

function checkProgression(): i32 {
  if (to > 63 || from > to || low > 13 || (high != 0 && high != low + 1)) return BAD_SCAN;
  if (from == 0 ? to != 0 : scanned != 1) return BAD_SCAN;
  for (let i = 0; i < scanned; i++) {
    const c = component(chosen(i));
    if (from > 0 && !isPresent(acTable(c.ac))) return MISSING_TABLE;
    if (from == 0 && high == 0 && !isPresent(dcTable(c.dc))) return MISSING_TABLE;
  }
  return OK;
}

/** Keeps each component's quantisation table as it is at the component's first scan. */
export function latchTables(): i32 {
  for (let i = 0; i < scanned; i++) {
    const c = component(chosen(i));
    if (c.precision) continue;
    const status = latch(chosen(i), c.quantTable);
    if (status != OK) return status;
    c.precision = 1;
  }
  return OK;
}

