/** The scheme's last step, operation by operation; every one is rounded to float32 by itself. */
import type { Quantisation } from "../map.ts";

export interface Residual {
  /** The byte that is added. */
  value: number;
  quantisation: Quantisation;
}

/** A sum to a byte of the output: `clamp(roundTiesToEven(float32(sum) * multiplier [+ ...]) + z)`. */
export function requantise(
  sum: number,
  multiplier: number,
  target: Quantisation,
  residual?: Residual,
): number {
  let y = Math.fround(Math.fround(sum) * multiplier);
  if (residual) {
    const { value, quantisation } = residual;
    const factor = Math.fround(quantisation.scale / target.scale);
    y = Math.fround(y + Math.fround(Math.fround(value - quantisation.zeroPoint) * factor));
  }
  return Math.min(255, Math.max(0, roundTiesToEven(y) + target.zeroPoint));
}

function roundTiesToEven(x: number): number {
  const floor = Math.floor(x);
  if (x - floor !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}
