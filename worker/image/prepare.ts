import { preprocess } from "../../model/preprocess.ts";
import { turnSquare } from "./orientation.ts";
import type { Orientation } from "./sniff.ts";

/** The square as stored to the network's input: upright, size * size RGB pixels. */
export function prepare(
  stored: Uint8Array<ArrayBuffer>,
  orientation: Orientation,
): Uint8Array<ArrayBuffer> {
  return turnSquare(stored, preprocess.size, orientation);
}
