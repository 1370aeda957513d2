/** Frames in several scans: coefficients first, samples when all are there. */
import { overrun } from "./bits.ts";
import { samplesAt, transform } from "./blocks.ts";
import { Component, component, components, mcusAcross, mcusDown, progressive } from "./frame.ts";
import { acTable, dcTable, skipTable } from "./huffman.ts";
import { idct1 } from "./idct.ts";
import { eobRun, firstAc, refineAc, setEobRun, takeBit } from "./progressive.ts";
import { latched } from "./quantisation.ts";
import { beforeMcu, failure, openScan } from "./restart.ts";
import { emitRows } from "./rows.ts";
import { chosen, from, high, low, scanned, to } from "./scan-header.ts";
import { INVALID, readDifference, skipAc } from "./sequential.ts";
import { OK } from "./status.ts";
import { MASK_BYTES, storedBlock, storedDc } from "./store.ts";
import { needed } from "./zigzag.ts";

/** Decodes a scan into the store. */
export function decodeIntoStore(): i32 {
  openScan();
  if (scanned == 1) {
    const c = component(chosen(0));
    return decodeLone(c);
  }
  for (let m = 0; m < mcusDown; m++) {
    for (let x = 0; x < mcusAcross; x++) {
      const status = beforeMcu();
      if (status != OK) return status;
      for (let i = 0; i < scanned; i++) {
        const c = component(chosen(i));
        for (let j = 0; j < c.v; j++) {
          for (let k = 0; k < c.h; k++) {
            if (!storeBlock(c, storedBlock(c, x * c.h + k, m * c.v + j))) return failure();
          }
        }
      }
      if (overrun()) return failure();
    }
  }
  return OK;
}

/** A scan of one component goes over its own blocks, without the padding to MCUs (A.2.2). */
function decodeLone(c: Component): i32 {
  for (let y = 0; y < c.blocksHigh; y++) {
    for (let x = 0; x < c.blocksWide; x++) {
      const status = beforeMcu();
      if (status != OK) return status;
      if (!storeBlock(c, storedBlock(c, x, y))) return failure();
      if (overrun()) return failure();
    }
  }
  return OK;
}

function storeBlock(c: Component, block: usize): bool {
  if (!progressive) return storeSequential(c, block);
  if (from > 0) {
    if (high > 0) return refineAc(c, acTable(c.ac), block, from, to, low);
    if (eobRun > 0) {
      setEobRun(eobRun - 1);
      return true;
    }
    return firstAc(c, acTable(c.ac), block, from, to, low);
  }
  const dc = storedDc(c, block);
  if (high > 0) {
    if (takeBit()) store<i16>(dc, <i16>(<i32>load<i16>(dc) | (1 << low)));
    return true;
  }
  const difference = readDifference(dcTable(c.dc));
  if (difference == INVALID) return false;
  c.predicted += difference;
  store<i16>(dc, <i16>(c.predicted << low));
  return true;
}

/** A sequential frame in several scans: a block is a first AC scan behind its DC coefficient. */
function storeSequential(c: Component, block: usize): bool {
  const difference = readDifference(dcTable(c.dc));
  if (difference == INVALID) return false;
  c.predicted += difference;
  store<i16>(storedDc(c, block), <i16>c.predicted);
  if (c.size == 1) return skipAc(acTable(c.ac), skipTable(c.ac));
  setEobRun(0);
  return firstAc(c, acTable(c.ac), block, 1, 63, 0);
}

/** Samples of all that is stored, row after row. */
export function emitStored(): void {
  for (let m = 0; m < mcusDown; m++) {
    for (let index = 0; index < components; index++) {
      const c = component(index);
      const quant = latched(index);
      const needs = needed(c.size) & ~1;
      for (let j = 0; j < c.v; j++) {
        for (let x = 0; x < c.blocksAcross; x++) {
          const stored = storedBlock(c, x, m * c.v + j);
          const at = samplesAt(c, x, j, m);
          if (c.size == 1) {
            idct1(<i32>load<i16>(stored) * <i32>load<u16>(quant), at);
          } else {
            const any = (load<u64>(stored) & needs) != 0;
            transform(c.size, stored + MASK_BYTES, quant, any, at, c.stride);
          }
        }
      }
    }
    emitRows(m);
  }
}
