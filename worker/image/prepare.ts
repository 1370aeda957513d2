import { preprocess } from "../../model/preprocess.ts";
import { turnSquare } from "./orientation.ts";
import type { Orientation } from "./sniff.ts";

/** A picture as the network sees it. */
export interface Prepared {
  /** The upright picture, squashed: size * size RGB pixels. */
  square: Uint8Array<ArrayBuffer>;
  /** The same, normalised: NHWC, `(rgb - mean) / scale`. */
  input: Float32Array;
}

const { size, mean, scale } = preprocess;
const NORMALISED = Float32Array.from({ length: 256 }, (_, value) => (value - mean) / scale);

/** The square as stored (size * size RGB pixels) to the network's input. */
export function prepare(stored: Uint8Array<ArrayBuffer>, orientation: Orientation): Prepared {
  const square = turnSquare(stored, size, orientation);
  const input = new Float32Array(square.length);
  for (let i = 0; i < square.length; i++) {
    input[i] = NORMALISED[square[i] as number] as number;
  }
  return { square, input };
}
