/** From a block of coefficients to the samples of its place in the picture. */
import { Component } from "./frame.ts";
import { flat, idct2, idct4, idct8 } from "./idct.ts";
import { latched } from "./quantisation.ts";

/** One block being decoded, zeroed whenever nobody is at it. */
export const BLOCK: usize = memory.data(128, 16);

/** Where the samples of a component's block go: MCU rows take turns in two strips. */
// @ts-ignore: decorator
@inline
export function samplesAt(c: Component, blockX: i32, blockY: i32, m: i32): usize {
  const y = (m & 1) * c.stripRows + blockY * c.size;
  return c.samples + <usize>y * c.stride + <usize>blockX * c.size;
}

/** The block in BLOCK to samples; leaves it zeroed. */
export function transform(c: Component, index: i32, any: bool, at: usize): void {
  const quant = latched(index);
  if (!any) {
    flat(<i32>load<i16>(BLOCK) * <i32>load<u16>(quant), c.size, at, c.stride);
    store<i16>(BLOCK, 0);
    return;
  }
  if (c.size == 8) idct8(BLOCK, quant, at, c.stride);
  else if (c.size == 4) idct4(BLOCK, quant, at, c.stride);
  else idct2(BLOCK, quant, at, c.stride);
  memory.fill(BLOCK, 0, 128);
}
