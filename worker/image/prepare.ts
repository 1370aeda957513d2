import { preprocess } from "../../model/preprocess.ts";
import { flattenOverWhite } from "./alpha.ts";
import { areaResize } from "./area.ts";
import { turnSquare } from "./orientation.ts";
import type { Pixels } from "./pixels.ts";
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

/** Decoded pixels, as stored, to the network's input. Composites alpha in place. */
export function prepare(picture: Pixels, orientation: Orientation): Prepared {
  flattenOverWhite(picture);
  const square = turnSquare(areaResize(picture, size), size, orientation);
  const input = new Float32Array(square.length);
  for (let i = 0; i < square.length; i++) {
    input[i] = NORMALISED[square[i] as number] as number;
  }
  return { square, input };
}
