/** From a frame and a scale to sizes, layouts and memory, before anything is decoded. */
import {
  adobeTransform,
  component,
  components,
  divideUp,
  hasJfif,
  height,
  maxH,
  maxV,
  mcusAcross,
  width,
} from "./frame.ts";
import { reserve } from "./memory.ts";
import { OK, OUT_OF_MEMORY } from "./status.ts";

/** Samples that a block gives where sampling is fullest: 8, 4, 2, 1 for 1/1, 1/2, 1/4, 1/8. */
export let scaleSize: i32 = 8;
export let outWidth: i32 = 0;
export let outHeight: i32 = 0;

/** Colour spaces that a frame's components can stand for. */
export const GREY: i32 = 0;
export const YCC: i32 = 1;
export const RGB: i32 = 2;
export const CMYK: i32 = 3;
export const YCCK: i32 = 4;
export let colourSpace: i32 = GREY;

/**
 * Sets every component's size. As in libjpeg, subsampled components are taken at a larger inverse
 * DCT where that saves upsampling, unless `dcOnly`: then every component gives its DC alone.
 */
export function setScale(size: i32, dcOnly: bool): void {
  scaleSize = size;
  outWidth = divideUp(width * size, 8);
  outHeight = divideUp(height * size, 8);
  for (let i = 0; i < components; i++) {
    const c = component(i);
    c.size = size;
    while (
      !dcOnly &&
      c.size < 8 &&
      (maxH * size) % (c.h * c.size * 2) == 0 &&
      (maxV * size) % (c.v * c.size * 2) == 0
    ) {
      c.size *= 2;
    }
    c.width = divideUp(width * c.h * c.size, maxH * 8);
    c.height = divideUp(height * c.v * c.size, maxV * 8);
    c.stride = (mcusAcross * c.h * c.size + 15) & ~15;
    c.stripRows = c.v * c.size;
    c.xMul = maxH * size;
    c.xDiv = c.h * c.size;
    c.yMul = maxV * size;
    c.yDiv = c.v * c.size;
  }
}

/** Bytes of sample rows: two MCU rows of every component, and a line of each upsampled. */
export function sampleBytes(): u64 {
  let sum: u64 = 0;
  for (let i = 0; i < components; i++) {
    const c = component(i);
    sum += <u64>c.stride * c.stripRows * 2 + 64 + rowBytes();
  }
  return sum;
}

/** A full-width row of one component, with room for whole vectors. */
export function rowBytes(): u64 {
  return (<u64>outWidth + 79) & ~15;
}

export function openSamples(): i32 {
  for (let i = 0; i < components; i++) {
    const c = component(i);
    c.samples = reserve(<u64>c.stride * c.stripRows * 2 + 64);
    c.row = reserve(rowBytes());
    if (!c.samples || !c.row) return OUT_OF_MEMORY;
  }
  return OK;
}

/** As libjpeg decides (jdapimin.c, default_decompress_parms). */
export function chooseColourSpace(): void {
  if (components == 1) {
    colourSpace = GREY;
  } else if (components == 4) {
    colourSpace = adobeTransform == 2 ? YCCK : CMYK;
  } else if (hasJfif) {
    colourSpace = YCC;
  } else if (adobeTransform >= 0) {
    colourSpace = adobeTransform == 0 ? RGB : YCC;
  } else {
    const named = component(0).id == 82 && component(1).id == 71 && component(2).id == 66;
    colourSpace = named ? RGB : YCC;
  }
}
