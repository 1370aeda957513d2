/** From a block of coefficients to the samples of its place in the picture. */
import { Component } from "./frame.ts";
import { flat, idct2, idct4, idct8 } from "./idct.ts";
import { dcPlace } from "./zigzag.ts";

/** Where the samples of a component's block go: MCU rows take turns in two strips. */
// @ts-ignore: decorator
@inline
export function samplesAt(c: Component, blockX: i32, blockY: i32, m: i32): usize {
  const y = (m & 1) * c.stripRows + blockY * c.size;
  return c.samples + <usize>y * c.stride + <usize>blockX * c.size;
}

/** A block, laid out as `places(size)` says, to samples. `any`: it has more than its DC. */
// @ts-ignore: decorator
@inline
export function transform(
  size: i32,
  block: usize,
  quant: usize,
  any: bool,
  at: usize,
  stride: usize,
): void {
  if (!any) {
    const dc = dcPlace(size);
    flat(<i32>load<i16>(block + dc) * <i32>load<u16>(quant + dc), size, at, stride);
  } else if (size == 2) idct2(block, quant, at, stride);
  else if (size == 4) idct4(block, quant, at, stride);
  else idct8(block, quant, at, stride);
}
