/** One scan after another, until nothing that the scale needs is missing. */
import { finishSegment, marker } from "./bits.ts";
import { component, progressive } from "./frame.ts";
import { at, moveTo, nextMarker } from "./input.ts";
import { follows, isComplete, notePrecision } from "./precision.ts";
import { chosen, from, high, latchTables, low, readScan, scanned, to } from "./scan-header.ts";
import { current, EOI, readSegments, segmentLength, setCurrent } from "./segments.ts";
import { BAD_SCAN, CUT_SHORT, OK, TOO_MANY_SCANS } from "./status.ts";
import { decodeIntoStore, emitStored } from "./stored.ts";
import { isPresentable } from "./precision.ts";

/** Ten components' worth of ordinary progression; a short file of empty scans keeps a CPU busy. */
const MAX_SCANS: i32 = 100;

export function decodeScans(): i32 {
  for (let n = 0; n < MAX_SCANS; n++) {
    let status = decodeScan();
    if (status != OK) return status;
    if (isComplete()) {
      emitStored();
      return OK;
    }
    status = readSegments();
    if (status != OK) return status;
    if (current == EOI) {
      if (!isPresentable()) return CUT_SHORT;
      // The encoder left the last bits out: so be it.
      emitStored();
      return OK;
    }
  }
  return TOO_MANY_SCANS;
}

function decodeScan(): i32 {
  const length = segmentLength();
  if (length < 0) return CUT_SHORT;
  let status = readScan(length);
  if (status != OK) return status;
  moveTo(at + length);
  for (let i = 0; i < scanned; i++) {
    if (!follows(chosen(i), from, to, high)) return BAD_SCAN;
  }
  status = latchTables();
  if (status != OK) return status;
  if (progressive && from > 0 && component(chosen(0)).size == 1) {
    // Nobody needs this one: bytes are cheaper to pass over than codes.
    setCurrent(nextMarker());
  } else {
    status = decodeIntoStore();
    if (status != OK) return status;
    finishSegment();
    setCurrent(marker);
  }
  for (let i = 0; i < scanned; i++) notePrecision(chosen(i), from, to, low);
  return OK;
}
