/**
 * One convolution of the trunk in integers, by the scheme of `model/README.md`
 * (`training/int8/scheme.py` is the same in Python): scales and quotients in float64, rounded to
 * float32 once.
 */
import type { Quantisation } from "../model/kernels/map.ts";
import type { FloatLayer } from "../model/weights.ts";
import { BuildError } from "./errors.ts";
import { channelScales, quantiseKernel } from "./quantise.ts";
import { roundTiesToEven } from "./round.ts";

export interface IntegerConv {
  name: string;
  shape: readonly number[];
  /** -127..127, the output channel fastest. */
  kernel: Int8Array<ArrayBuffer>;
  /** What one step of a channel's weights is worth. */
  scales: Float32Array;
  /** The input's zero point worked in. */
  bias: Int32Array;
  /** From the accumulator to steps of the output. */
  multipliers: Float32Array;
  /** The folded float bias. */
  floatBias: Float32Array;
}

/** The picture: its bytes as they are, `(rgb - 127) / 128`. */
export const INPUT_QUANTISATION: Quantisation = { scale: 1 / 128, zeroPoint: 127 };

const TOP = 255;
/** float32 holds every integer up to here. */
const EXACT = 2 ** 24;
/** No channel's bias takes more of the accumulator. */
const BIAS_LIMIT = 2 ** 22;
/** Rounding by adding 1.5 * 2^23 (`assembly/requantise.ts`) is right below this. */
const ROUNDS = 2 ** 22;

/** Scale and zero point of an activation. Throws `BuildError`: `range_malformed`. */
export function quantisationOf(
  name: string,
  low: number,
  high: number,
  relu6: boolean,
): Quantisation {
  // Not `low > 0`: a NaN must fail.
  if (!(low <= 0 && high > 0) || (relu6 && !(low === 0 && high <= 6))) {
    throw new BuildError(
      "range_malformed",
      `quant.${name} is ${low}..${high}: a range holds 0, behind ReLU6 it is 0..6 at most`,
    );
  }
  if (relu6) return { scale: Math.fround(high / TOP), zeroPoint: 0 };
  const scale = Math.fround((high - low) / TOP);
  const zeroPoint = Math.min(TOP, Math.max(0, roundTiesToEven(-low / scale)));
  return { scale, zeroPoint };
}

/**
 * Throws `BuildError`: `accumulator_unbounded` where some picture could take a sum out of what
 * float32 holds exactly, or a requantised value out of what is rounded exactly.
 */
export function integerConv(
  float: FloatLayer,
  source: Quantisation,
  target: Quantisation,
  residual: Quantisation | null,
): IntegerConv {
  const { name, shape, bias: floatBias } = float;
  const outputs = floatBias.length;
  const least = Float64Array.from(floatBias, (b) => Math.abs(b) / (source.scale * BIAS_LIMIT));
  const scales = channelScales(float.kernel, outputs, least);
  const kernel = quantiseKernel(float.kernel, scales);
  const sums = sumsOf(kernel, outputs);
  const bias = new Int32Array(outputs);
  const multipliers = new Float32Array(outputs);
  const added = residual === null ? 0 : Math.fround(residual.scale / target.scale) * TOP;
  for (let c = 0; c < outputs; c++) {
    const step = source.scale * (scales[c] as number);
    const [positive, negative] = sums[c] as [number, number];
    const own = roundTiesToEven((floatBias[c] as number) / step);
    const b = own - source.zeroPoint * (positive + negative);
    bias[c] = b;
    multipliers[c] = step / target.scale;
    // Every partial sum lies in between, in whatever order it is summed.
    const worst = Math.max(TOP * positive + Math.max(b, 0), -(TOP * negative + Math.min(b, 0)));
    const largest = worst * (multipliers[c] as number) + added;
    if (!(worst < EXACT && largest < ROUNDS)) {
      throw new BuildError(
        "accumulator_unbounded",
        `${name}, channel ${c}: sums up to ${worst} (limit 2^24), ${largest} steps (limit 2^22)`,
      );
    }
  }
  return { name, shape, kernel, scales, bias, multipliers, floatBias };
}

/** Per channel: its positive weights' sum, and its negative ones'. */
function sumsOf(kernel: Int8Array, outputs: number): [positive: number, negative: number][] {
  const sums = Array.from({ length: outputs }, (): [number, number] => [0, 0]);
  for (const [i, weight] of kernel.entries()) {
    const sum = sums[i % outputs] as [number, number];
    sum[weight > 0 ? 0 : 1] += weight;
  }
  return sums;
}
