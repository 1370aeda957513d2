/** A sequential frame in one scan: blocks become samples as they are read. */
import { overrun } from "./bits.ts";
import { BLOCK, samplesAt, transform } from "./blocks.ts";
import { Component, component, components, mcusAcross, mcusDown } from "./frame.ts";
import { acTable, dcTable, skipTable } from "./huffman.ts";
import { idct1 } from "./idct.ts";
import { latched } from "./quantisation.ts";
import { beforeMcu, failure, openScan } from "./restart.ts";
import { emitRows } from "./rows.ts";
import { INVALID, readAc, readDifference, skipAc } from "./sequential.ts";
import { OK } from "./status.ts";

/** Decodes the one scan that holds all components, sending rows out as they are complete. */
export function decodeDirectly(): i32 {
  openScan();
  for (let m = 0; m < mcusDown; m++) {
    for (let x = 0; x < mcusAcross; x++) {
      const status = beforeMcu();
      if (status != OK) return status;
      for (let i = 0; i < components; i++) {
        const c = component(i);
        if (!(c.size == 1 ? skipBlocks(c, i, x, m) : decodeBlocks(c, i, x, m))) return failure();
      }
      if (overrun()) return failure();
    }
    emitRows(m);
  }
  return OK;
}

/** A component's blocks of one MCU where DC coefficients alone matter. */
function skipBlocks(c: Component, index: i32, x: i32, m: i32): bool {
  const dc = dcTable(c.dc);
  const ac = acTable(c.ac);
  const skips = skipTable(c.ac);
  const scale = <i32>load<u16>(latched(index));
  for (let j = 0; j < c.v; j++) {
    for (let i = 0; i < c.h; i++) {
      const difference = readDifference(dc);
      if (difference == INVALID || skipAc(ac, skips) == INVALID) return false;
      c.predicted += difference;
      idct1(c.predicted * scale, samplesAt(c, x * c.h + i, j, m));
    }
  }
  return true;
}

function decodeBlocks(c: Component, index: i32, x: i32, m: i32): bool {
  const dc = dcTable(c.dc);
  const ac = acTable(c.ac);
  for (let j = 0; j < c.v; j++) {
    for (let i = 0; i < c.h; i++) {
      const difference = readDifference(dc);
      if (difference == INVALID) return false;
      const any = readAc(ac, BLOCK);
      c.predicted += difference;
      store<i16>(BLOCK, <i16>c.predicted);
      transform(c, index, any != 0, samplesAt(c, x * c.h + i, j, m));
      if (any == INVALID) return false;
    }
  }
  return true;
}
