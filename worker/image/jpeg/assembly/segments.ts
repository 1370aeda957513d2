/** Marker segments between scans (ITU-T T.81, B.2.4): tables, and the frame itself. */
import { readFrame, setAdobeTransform, setJfif, setRestartInterval } from "./frame.ts";
import { defineTable } from "./huffman.ts";
import { at, byteAt, ensure, moveTo, nextMarker, skip, wordAt } from "./input.ts";
import { readQuantisation } from "./quantisation.ts";
import { BAD_SEGMENT, BAD_TABLE, CUT_SHORT, OK, UNSUPPORTED_PROCESS } from "./status.ts";

/** A table or header is never longer; comments and the like are passed over unseen. */
const LONGEST: i32 = 4096;
export const SOS: i32 = 0xda;
export const EOI: i32 = 0xd9;

/** The marker that reading has come to, its segment not yet read; 0 at the end of the file. */
export let current: i32 = 0;

export function setCurrent(marker: i32): void {
  current = marker;
}

/** Reads segments up to the next scan or the end. */
export function readSegments(): i32 {
  while (true) {
    if (current == 0) return CUT_SHORT;
    if (current == SOS || current == EOI) return OK;
    const status = readSegment(current);
    if (status != OK) return status;
    current = nextMarker();
  }
}

/** Makes the segment at hand readable; its length, without the two bytes that hold it, or -1. */
export function segmentLength(): i32 {
  if (!ensure(2)) return -1;
  const length = wordAt(0) - 2;
  if (length < 0 || length > LONGEST || !ensure(2 + length)) return -1;
  moveTo(at + 2);
  return length;
}

function readSegment(marker: i32): i32 {
  const isFrame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  if ((isFrame && marker > 0xc2) || marker == 0xcc || marker == 0xdc) return UNSUPPORTED_PROCESS;
  // A second picture's start, or markers that stand alone and mean nothing here.
  if (marker == 0xd8) return BAD_SEGMENT;
  if (marker == 0x01) return OK;
  const isTable = isFrame || marker == 0xc4 || marker == 0xdb || marker == 0xdd;
  if (!isTable && marker != 0xe0 && marker != 0xee) return passOver();
  if (!ensure(2)) return CUT_SHORT;
  if (!isTable && wordAt(0) > LONGEST) return passOver();
  const length = segmentLength();
  if (length < 0) return ensure(2) && wordAt(0) < 2 ? BAD_SEGMENT : CUT_SHORT;
  let status = OK;
  if (isFrame) status = readFrame(length, marker == 0xc2);
  else if (marker == 0xc4) status = readHuffman(length);
  else if (marker == 0xdb) status = readQuantisation(length);
  else if (marker == 0xdd) status = readInterval(length);
  else if (marker == 0xe0) readJfif(length);
  else readAdobe(length);
  moveTo(at + length);
  return status;
}

function passOver(): i32 {
  if (!ensure(2)) return CUT_SHORT;
  const length = wordAt(0);
  if (length < 2) return BAD_SEGMENT;
  return skip(length) ? OK : CUT_SHORT;
}

function readInterval(length: i32): i32 {
  if (length != 2) return BAD_SEGMENT;
  setRestartInterval(wordAt(0));
  return OK;
}

function readJfif(length: i32): void {
  if (length >= 5 && load<u32>(at) == 0x4649464a && byteAt(4) == 0) setJfif();
}

/** Adobe Technical Note 5116: "Adobe", version, two words of flags, the transform. */
function readAdobe(length: i32): void {
  if (length >= 12 && load<u32>(at) == 0x626f6441 && byteAt(4) == 0x65) setAdobeTransform(byteAt(11));
}

function readHuffman(length: i32): i32 {
  let offset = 0;
  while (offset < length) {
    if (offset + 17 > length) return BAD_TABLE;
    const head = byteAt(offset);
    if (head >> 4 > 1 || (head & 15) > 3) return BAD_TABLE;
    let total = 0;
    for (let i = 0; i < 16; i++) total += byteAt(offset + 1 + i);
    if (total > 256 || offset + 17 + total > length) return BAD_TABLE;
    const counts = at + offset + 1;
    const status = defineTable(head >> 4 == 1, head & 15, counts, counts + 16, total);
    if (status != OK) return status;
    offset += 17 + total;
  }
  return OK;
}
