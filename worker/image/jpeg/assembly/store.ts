/**
 * Coefficients kept between scans: only those that the scale needs.
 *
 * A block is a 64-bit mask of the coefficients that are not zero, all of them, in scan order
 * (refinement scans spend bits on every one), then the coefficients as `places(size)` lays them out.
 * Where the DC coefficient alone is needed there is no mask: two bytes.
 */
import { Component, component, components } from "./frame.ts";
import { reserve } from "./memory.ts";
import { OK, OUT_OF_MEMORY } from "./status.ts";
import { BLOCK_BYTES, dcPlace, SMALL_BYTES } from "./zigzag.ts";

export const MASK_BYTES: usize = 8;

function blockBytes(size: i32): i32 {
  if (size == 1) return 2;
  return <i32>MASK_BYTES + (size == 2 ? SMALL_BYTES : BLOCK_BYTES);
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

/** Where a stored block's DC coefficient lies. */
// @ts-ignore: decorator
@inline
export function storedDc(c: Component, block: usize): usize {
  return c.size == 1 ? block : block + MASK_BYTES + dcPlace(c.size);
}
