import { HemlineError } from "../errors.ts";
import { type Plan, SIZES, type Size } from "./jpeg/decoder.ts";
import { DECODE_BYTES } from "./limits.ts";

/**
 * How much larger than the network's input a scaled picture must be, in both directions. Below 1
 * detail is lost; more costs time and hardly moves a score (measured: `worker/image/README.md`).
 */
export const OVERSAMPLING = 1;

/** The scale that a JPEG of this size is decoded at, where memory allows it. */
export function scaleFor(width: number, height: number, side: number): Size {
  const shorter = Math.min(width, height);
  return SIZES.find((size) => Math.ceil((shorter * size) / 8) >= side * OVERSAMPLING) ?? 8;
}

/**
 * The smallest scale that gives the network all it can see; a coarser one where that one's memory
 * is too much. Throws `too_many_pixels` where none fits.
 */
export function choosePlan(plans: Record<Size, Plan>, side: number): Plan {
  const least = side * OVERSAMPLING;
  const fitting = SIZES.map((size) => plans[size]).filter(({ bytes }) => bytes <= DECODE_BYTES);
  const enough = fitting.find(({ width, height }) => Math.min(width, height) >= least);
  const plan = enough ?? fitting.at(-1);
  if (plan) return plan;
  throw new HemlineError("too_many_pixels", "Decoding the JPEG takes more memory than there is.");
}
