/**
 * What the depthwise convolutions share. They read a padded map: eight channels of two neighbouring
 * output pixels at a time, taps in raster order in pairs, so that one dot product takes two taps of
 * four channels. An odd last tap meets a weight of zero the second time. Packed weights:
 * `[channels/8][taps/2][8][2]` int8.
 */
import { rounded, scaled, storeOne, storePair } from "./requantise";

/** Sums of N = 1 or 2 pixels (channels 0..3 and 4..7 each) to bytes. */
// @ts-ignore: decorator
@inline
export function finish(N: i32, m: usize, round: v128, offset: v128, to: usize, a: v128, b: v128, c: v128, d: v128): void {
  const n = v128.load(m), o = v128.load(m, 16);
  const first = rounded(scaled(a, n), scaled(b, o), round, offset);
  if (N > 1) storePair(to, first, rounded(scaled(c, n), scaled(d, o), round, offset));
  else storeOne(to, first);
}
