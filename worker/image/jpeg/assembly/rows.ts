/** Decoded sample rows on their way out: upsampled, in RGB, to the square or to the host. */
import { addRow } from "./area.ts";
import { convertRow } from "./colour.ts";
import { component, components } from "./frame.ts";
import { outHeight, outWidth, scaleSize } from "./geometry.ts";
import { maxV, mcusDown } from "./frame.ts";
import { reserve } from "./memory.ts";
import { isSmoothDown, openUpsampling, upsampledRow } from "./upsample.ts";

// @ts-ignore: decorator
@external("host", "row")
declare function hostRow(pixels: usize, y: i32): void;

let out: usize = 0;
let emitted: i32 = 0;
let lag: i32 = 0;
let toHost: bool = false;

/** `forHost`: rows go to the host, else into the square. */
export function openRows(forHost: bool): bool {
  emitted = 0;
  toHost = forHost;
  lag = 0;
  for (let i = 0; i < components; i++) if (isSmoothDown(component(i))) lag = 1;
  out = reserve(<u64>outWidth * 4 + 64);
  return out != 0 && openUpsampling();
}

/** Sends on what is complete once MCU row `m` is decoded. */
export function emitRows(m: i32): void {
  // The last row of an MCU row may need the first of the next.
  const ready = m == mcusDown - 1 ? outHeight : min(outHeight, (m + 1) * maxV * scaleSize - lag);
  for (; emitted < ready; emitted++) {
    const r0 = upsampledRow(component(0), emitted);
    const r1 = components > 2 ? upsampledRow(component(1), emitted) : 0;
    const r2 = components > 2 ? upsampledRow(component(2), emitted) : 0;
    const r3 = components > 3 ? upsampledRow(component(3), emitted) : 0;
    convertRow(r0, r1, r2, r3, out, outWidth);
    if (toHost) hostRow(out, emitted);
    else addRow(out);
  }
}
