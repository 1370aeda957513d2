/** A sequential frame in one scan: blocks become samples as they are read. */
import { overrun } from "./bits.ts";
import { component, components, mcusAcross, mcusDown } from "./frame.ts";
import { beforeMcu, failure, openScan } from "./restart.ts";
import { emitRows } from "./rows.ts";
import { decodeBlocks, skipBlocks } from "./sequential.ts";
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
