/** The walk through a scan's restart intervals (ITU-T T.81, E.2.4). */
import { ensureMcu, finishSegment, marker, openSegment } from "./bits.ts";
import { component, components, restartInterval } from "./frame.ts";
import { setEobRun } from "./progressive.ts";
import { BAD_CODE, BAD_RESTART, CUT_SHORT, OK } from "./status.ts";

let restartsIn: i32 = 0;
let restarts: i32 = 0;

export function openScan(): void {
  restartsIn = restartInterval;
  restarts = 0;
  resetPredictions();
  openSegment();
}

function resetPredictions(): void {
  for (let i = 0; i < components; i++) component(i).predicted = 0;
  setEobRun(0);
}

/** Before each MCU: a restart marker where one is due, and bytes to read. */
// @ts-ignore: decorator
@inline
export function beforeMcu(): i32 {
  if (restartInterval) {
    if (restartsIn == 0) {
      const status = restart();
      if (status != OK) return status;
    }
    restartsIn--;
  }
  ensureMcu();
  return OK;
}

function restart(): i32 {
  finishSegment();
  if (marker == 0) return CUT_SHORT;
  if (marker != 0xd0 + (restarts & 7)) return BAD_RESTART;
  restarts++;
  restartsIn = restartInterval;
  resetPredictions();
  openSegment();
  return OK;
}

/** What it means that codes made no sense, or that bits ran out. */
export function failure(): i32 {
  finishSegment();
  return marker == 0 ? CUT_SHORT : BAD_CODE;
}

