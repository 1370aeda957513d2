/**
 * Coefficients kept between scans: only those that the scale needs.
 *
 * A block is a 64-bit mask of the coefficients that are not zero, all of them, in scan order
 * (refinement scans spend bits on every one), then i16 values of the needed ones. Where the DC
 * coefficient alone is needed there is no mask: two bytes.
 */
import { Component, component, components } from "./frame.ts";
import { fillSlots, natural, slots } from "./zigzag.ts";
import { reserve } from "./memory.ts";
import { OK, OUT_OF_MEMORY } from "./status.ts";

/** How far past the block's start the values lie. */
// @ts-ignore: decorator
@inline
export function valuesAt(kept: i32): usize {
  return kept == 1 ? 0 : 8;
}

export function blockBytes(size: i32): i32 {
  const kept = fillSlots(size);
  return kept == 1 ? 2 : 8 + ((2 * kept + 7) & ~7);
}

/** Bytes that all components' coefficients take. */
export function storeBytes(): u64 {
  let sum: u64 = 0;
  for (let i = 0; i < components; i++) {
    const c = component(i);
    sum += <u64>c.blocksAcross * c.blocksDown * blockBytes(c.size);
  }
  return sum;
}

export function openStore(): i32 {
  for (let i = 0; i < components; i++) {
    const c = component(i);
    c.kept = fillSlots(c.size);
    c.blockBytes = blockBytes(c.size);
    c.coefficients = reserve(<u64>c.blocksAcross * c.blocksDown * c.blockBytes);
    if (!c.coefficients) return OUT_OF_MEMORY;
  }
  return OK;
}

// @ts-ignore: decorator
@inline
export function storedBlock(c: Component, x: i32, y: i32): usize {
  return c.coefficients + <usize>(y * c.blocksAcross + x) * c.blockBytes;
}

/** Puts a kept block's AC coefficients into a zeroed one, row-major; whether there are any. */
export function unpack(c: Component, from: usize, block: usize): bool {
  let mask = load<u64>(from) & ~1;
  if (mask == 0) return false;
  const slotOf = slots(c.size);
  while (mask) {
    const k = <i32>ctz(mask);
    mask &= mask - 1;
    const slot = load<u8>(slotOf + k);
    if (slot != 255) {
      store<i16>(block + (natural(k) << 1), load<i16>(from + 8 + (<usize>slot << 1)));
    }
  }
  return true;
}
