/**
 * A row of one component at the picture's width, as libjpeg's jdsample.c makes it: triangle filter
 * for factors of two (except at 1/8), repetition otherwise.
 */
import { Component } from "./frame.ts";
import { outWidth, scaleSize } from "./geometry.ts";
import { reserve } from "./memory.ts";

/** 16-bit samples of one row, with one more on either side. */
let line: usize = 0;

export function openUpsampling(): bool {
  line = reserve(<u64>outWidth * 2 + 128);
  return line != 0;
}

// @ts-ignore: decorator
@inline
function twice(mul: i32, div: i32): bool {
  return mul == 2 * div;
}

function isSmoothAcross(c: Component): bool {
  if (scaleSize == 1 || !twice(c.xMul, c.xDiv) || c.width <= 2) return false;
  return c.yMul == c.yDiv || twice(c.yMul, c.yDiv);
}

/** Whether an output row takes in two rows of samples. */
export function isSmoothDown(c: Component): bool {
  if (scaleSize == 1 || !twice(c.yMul, c.yDiv)) return false;
  return c.xMul == c.xDiv || isSmoothAcross(c);
}

// @ts-ignore: decorator
@inline
function sampleRow(c: Component, y: i32): usize {
  const clamped = y < 0 ? 0 : min(y, c.height - 1);
  return c.samples + <usize>(clamped % (2 * c.stripRows)) * c.stride;
}

/** Where output row `y` of the component lies; valid until the next call for the component. */
export function upsampledRow(c: Component, y: i32): usize {
  const near = sampleRow(c, (y * c.yDiv) / c.yMul);
  if (isSmoothDown(c)) {
    const far = sampleRow(c, (y >> 1) + (y & 1 ? 1 : -1));
    if (c.xMul == c.xDiv) {
      blendRows(near, far, c.row, c.width, y & 1 ? 2 : 1);
      return c.row;
    }
    weighRows(near, far, c.width);
    spread(c, 8, 7, 4);
    return c.row;
  }
  if (c.xMul == c.xDiv) return near;
  if (isSmoothAcross(c)) {
    widen(near, c.width);
    spread(c, 1, 2, 2);
  } else {
    for (let x = 0; x < outWidth; x++) {
      store<u8>(c.row + x, load<u8>(near + (x * c.xDiv) / c.xMul));
    }
  }
  return c.row;
}

function blendRows(near: usize, far: usize, to: usize, n: i32, bias: i32): void {
  for (let x = 0; x < n; x++) {
    store<u8>(to + x, <u8>((3 * <i32>load<u8>(near + x) + <i32>load<u8>(far + x) + bias) >> 2));
  }
}

/** 3 near + far, into `line`. */
function weighRows(near: usize, far: usize, n: i32): void {
  const three = i16x8.splat(3);
  for (let x = 0; x < n; x += 8) {
    const a = v128.load8x8_u(near + x);
    const b = v128.load8x8_u(far + x);
    v128.store(line + 16 + (x << 1), i16x8.add(i16x8.mul(a, three), b));
  }
  repeatEnds(n);
}

function widen(near: usize, n: i32): void {
  for (let x = 0; x < n; x += 8) v128.store(line + 16 + (x << 1), v128.load8x8_u(near + x));
  repeatEnds(n);
}

function repeatEnds(n: i32): void {
  store<i16>(line + 14, load<i16>(line + 16));
  store<i16>(line + 16 + (n << 1), load<i16>(line + 14 + (n << 1)));
}

/** Two samples from each of `line`: three parts itself, one part its neighbour. */
function spread(c: Component, evenBias: i16, oddBias: i16, shift: i32): void {
  const three = i16x8.splat(3);
  const even = i16x8.splat(evenBias);
  const odd = i16x8.splat(oddBias);
  for (let x = 0; x < c.width; x += 8) {
    const address = line + 16 + (x << 1);
    const mine = i16x8.mul(v128.load(address), three);
    const left = i16x8.add(i16x8.add(mine, v128.load(address - 2)), even);
    const right = i16x8.add(i16x8.add(mine, v128.load(address + 2)), odd);
    const l = i16x8.shr_u(left, shift);
    const r = i16x8.shr_u(right, shift);
    v128.store(c.row + (x << 1), v128.or(l, i16x8.shl(r, 8)));
  }
}
