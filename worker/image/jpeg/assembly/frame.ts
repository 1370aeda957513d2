/** What the headers say: the frame, its components and their tables (ITU-T T.81, annex B). */
import { BAD_FRAME, OK, UNSUPPORTED_COMPONENTS, UNSUPPORTED_PRECISION } from "./status.ts";
import { byteAt, wordAt } from "./input.ts";

export const MAX_COMPONENTS: i32 = 4;

/** One component. Sizes in samples and blocks are those of the scale that was chosen. */
@unmanaged
export class Component {
  id: i32;
  /** Sampling factors, 1..4. */
  h: i32;
  v: i32;
  quantTable: i32;
  dc: i32;
  ac: i32;
  /** The predictor of the DC coefficient. */
  predicted: i32;
  /** Samples a block gives in each direction: 1, 2, 4 or 8. */
  size: i32;
  /** Blocks that hold picture, in a scan of this component alone (A.2.2). */
  blocksWide: i32;
  blocksHigh: i32;
  /** Blocks including the padding to whole MCUs. */
  blocksAcross: i32;
  blocksDown: i32;
  /** Samples that hold picture, and the length of a row of samples in memory. */
  width: i32;
  height: i32;
  stride: i32;
  /** Two MCU rows of samples, used in turn. */
  samples: usize;
  /** One MCU row has so many sample rows. */
  stripRows: i32;
  /** How many output columns and rows a sample spans, in `outMul / outDiv` form. */
  xMul: i32;
  xDiv: i32;
  yMul: i32;
  yDiv: i32;
  /** Coefficients kept between scans (`store.ts`), and bytes a block takes there. */
  coefficients: usize;
  blockBytes: i32;
  /** An upsampled row of this component. */
  row: usize;
  /** Precision of the coefficients so far: successive approximation's low bit, 255 none (G.1.1.1). */
  precision: usize;
}

const COMPONENTS: usize = memory.data(640, 16);

// @ts-ignore: decorator
@inline
export function component(i: i32): Component {
  return changetype<Component>(COMPONENTS + <usize>i * 160);
}

export let width: i32 = 0;
export let height: i32 = 0;
export let components: i32 = 0;
export let progressive: bool = false;
export let maxH: i32 = 1;
export let maxV: i32 = 1;
export let mcusAcross: i32 = 0;
export let mcusDown: i32 = 0;
/** MCUs between restart markers, 0: none. */
export let restartInterval: i32 = 0;
/** Adobe's colour transform: -1 no such segment, 0 none, 1 YCbCr, 2 YCCK. */
export let adobeTransform: i32 = -1;
export let hasJfif: bool = false;

export function resetFrame(): void {
  width = 0;
  height = 0;
  components = 0;
  restartInterval = 0;
  adobeTransform = -1;
  hasJfif = false;
  memory.fill(COMPONENTS, 0, 640);
}

export function setRestartInterval(mcus: i32): void {
  restartInterval = mcus;
}

export function setAdobeTransform(transform: i32): void {
  adobeTransform = transform;
}

export function setJfif(): void {
  hasJfif = true;
}

/** A start-of-frame segment of `length` bytes at the input's position (B.2.2). */
export function readFrame(length: i32, isProgressive: bool): i32 {
  if (length < 6 || components != 0) return BAD_FRAME;
  if (byteAt(0) != 8) return UNSUPPORTED_PRECISION;
  height = wordAt(1);
  width = wordAt(3);
  const n = byteAt(5);
  if (width == 0 || height == 0 || length != 6 + 3 * n) return BAD_FRAME;
  if (n != 1 && n != 3 && n != 4) return UNSUPPORTED_COMPONENTS;
  progressive = isProgressive;
  maxH = 1;
  maxV = 1;
  for (let i = 0; i < n; i++) {
    const c = component(i);
    c.id = byteAt(6 + 3 * i);
    for (let j = 0; j < i; j++) if (component(j).id == c.id) return BAD_FRAME;
    const factors = byteAt(7 + 3 * i);
    c.h = factors >> 4;
    c.v = factors & 15;
    c.quantTable = byteAt(8 + 3 * i);
    if (c.h < 1 || c.h > 4 || c.v < 1 || c.v > 4 || c.quantTable > 3) return BAD_FRAME;
    // The blocks of a lone component are never grouped, whatever its factors say (A.2.2).
    if (n == 1) {
      c.h = 1;
      c.v = 1;
    }
    maxH = max(maxH, c.h);
    maxV = max(maxV, c.v);
  }
  components = n;
  mcusAcross = divideUp(width, 8 * maxH);
  mcusDown = divideUp(height, 8 * maxV);
  for (let i = 0; i < n; i++) {
    const c = component(i);
    c.blocksWide = divideUp(divideUp(width * c.h, maxH), 8);
    c.blocksHigh = divideUp(divideUp(height * c.v, maxV), 8);
    c.blocksAcross = mcusAcross * c.h;
    c.blocksDown = mcusDown * c.v;
  }
  return OK;
}

// @ts-ignore: decorator
@inline
export function divideUp(a: i32, b: i32): i32 {
  return (a + b - 1) / b;
}
