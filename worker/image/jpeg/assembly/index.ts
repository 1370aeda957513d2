/** The decoder's calls, in their order: open, plan, decode. `open` and `decode` return a status. */
import { openArea, square } from "./area.ts";
import { decodeDirectly } from "./direct.ts";
import { components, height, progressive, resetFrame, width } from "./frame.ts";
import {
  chooseColourSpace,
  openSamples,
  outHeight,
  outWidth,
  sampleBytes,
  scaleSize,
  setScale,
} from "./geometry.ts";
import { forgetTables } from "./huffman.ts";
import { at, byteAt, ensure, moveTo, nextMarker, openInput, wordAt } from "./input.ts";
import { resetMemory } from "./memory.ts";
import { resetPrecision } from "./precision.ts";
import { forgetQuantisation } from "./quantisation.ts";
import { openRows } from "./rows.ts";
import { latchTables, readScan } from "./scan-header.ts";
import { decodeScans } from "./scans.ts";
import { current, readSegments, segmentLength, setCurrent, SOS } from "./segments.ts";
import { BAD_FRAME, CUT_SHORT, NOT_JPEG, OK, OUT_OF_MEMORY } from "./status.ts";
import { openStore, storeBytes } from "./store.ts";

export { addPixels, openPixels, stripAddress } from "./pixels";

let stored: bool = false;

/** Reads the headers up to the first scan. */
export function open(): i32 {
  openInput();
  resetFrame();
  forgetTables();
  forgetQuantisation();
  resetPrecision();
  if (!ensure(3) || wordAt(0) != 0xffd8) return NOT_JPEG;
  moveTo(at + 2);
  setCurrent(nextMarker());
  const status = readSegments();
  if (status != OK) return status;
  if (current != SOS || !ensure(3)) return CUT_SHORT;
  if (components == 0) return BAD_FRAME;
  chooseColourSpace();
  stored = progressive || byteAt(2) != components;
  return OK;
}

export function pictureWidth(): i32 {
  return width;
}

export function pictureHeight(): i32 {
  return height;
}

/**
 * Sets the scale to size / 8, size being 1, 2, 4 or 8. Returns the bytes that decoding takes
 * beyond the module's own; they are all known now.
 */
export function plan(size: i32): f64 {
  // Where coefficients are kept, 1/8 is their DC alone: a 48 MP picture's take 2.25 MB.
  setScale(size, stored && size == 1);
  return <f64>(sampleBytes() + (stored ? storeBytes() : 0) + <u64>outWidth * 6 + 65536);
}

export function scaledWidth(): i32 {
  return outWidth;
}

export function scaledHeight(): i32 {
  return outHeight;
}

/**
 * Decodes as planned. `side` > 0: into a square of so many pixels each way, RGB, left at
 * `squareAddress`; 0: rows go to the host. `limit` bounds the whole memory, in bytes.
 */
export function decode(side: i32, limit: u32): i32 {
  resetMemory(limit);
  if (side > 0 && !openArea(side, width, height, 8 / scaleSize)) return OUT_OF_MEMORY;
  if (openSamples() != OK || !openRows(side == 0)) return OUT_OF_MEMORY;
  if (!stored) {
    const length = segmentLength();
    if (length < 0) return CUT_SHORT;
    const status = readScan(length);
    if (status != OK) return status;
    moveTo(at + length);
    const latched = latchTables();
    return latched == OK ? decodeDirectly() : latched;
  }
  return openStore() == OK ? decodeScans() : OUT_OF_MEMORY;
}

export function squareAddress(): usize {
  return square;
}
