import record from "../../model/preprocess.json" with { type: "json" };
import { flattenOverWhite } from "./alpha.ts";
import { areaResize } from "./area.ts";
import { turnSquare } from "./orientation.ts";
import type { Pixels } from "./pixels.ts";
import type { Header } from "./sniff.ts";

/** A picture as the network sees it. */
export interface Prepared {
  /** size * size * 3 values, NHWC, `(rgb - mean) / scale`. */
  input: Float32Array;
  /** The same square before normalising: upright, RGB. */
  square: Pixels;
}

const { size, mean, scale } = record;
const NORMALISED = Float32Array.from({ length: 256 }, (_, value) => (value - mean) / scale);

/** Decoded pixels, as stored, to the network's input. Composites alpha in place. */
export function prepare(picture: Pixels, orientation: Header["orientation"]): Prepared {
  flattenOverWhite(picture);
  const data = turnSquare(areaResize(picture, size), size, orientation);
  const input = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    input[i] = NORMALISED[data[i] as number] as number;
  }
  return { input, square: { data, width: size, height: size, channels: 3 } };
}
