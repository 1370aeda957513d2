/** How exactly each coefficient is known so far, so that reading stops when nothing is missing. */
import { component, components } from "./frame.ts";
import { needed } from "./zigzag.ts";

const UNKNOWN: u8 = 255;
/** 64 bytes a component: the lowest bit that is known, or UNKNOWN. */
const KNOWN: usize = memory.data(256);

export function resetPrecision(): void {
  memory.fill(KNOWN, UNKNOWN, 256);
}

/** A scan has given coefficients `from`..`to` down to bit `low`. */
export function notePrecision(index: i32, from: i32, to: i32, low: i32): void {
  memory.fill(KNOWN + (<usize>index << 6) + from, <u8>low, to - from + 1);
}

/** Whether a scan that goes from bit `high` (0: from nothing) follows on what is known (G.1.1.1). */
export function follows(index: i32, from: i32, to: i32, high: i32): bool {
  const known = KNOWN + (<usize>index << 6);
  const expected: i32 = high == 0 ? <i32>UNKNOWN : high;
  for (let k = from; k <= to; k++) if (<i32>load<u8>(known + k) != expected) return false;
  return from == 0 || load<u8>(known) != UNKNOWN;
}

/** Whether every coefficient that the scale needs is known to its last bit. */
export function isComplete(): bool {
  for (let i = 0; i < components; i++) {
    const needs = needed(component(i).size);
    const known = KNOWN + (<usize>i << 6);
    for (let k = 0; k < 64; k++) {
      if ((needs >> k) & 1 && load<u8>(known + k) != 0) return false;
    }
  }
  return true;
}

/** Whether every component has something: its DC coefficients. */
export function isPresentable(): bool {
  for (let i = 0; i < components; i++) {
    if (load<u8>(KNOWN + (<usize>i << 6)) == UNKNOWN) return false;
  }
  return true;
}
