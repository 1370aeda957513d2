/** Component rows to RGB, four bytes a pixel (the last is 255). */
import { adobeTransform } from "./frame.ts";
import { CMYK, colourSpace, GREY, RGB, YCCK } from "./geometry.ts";

/** a * x + b * y in 32 bits, then rounded off 16 of them. */
// @ts-ignore: decorator
@inline
function weigh(x: v128, y: v128, ab: v128): v128 {
  const half = i32x4.splat(32768);
  const low = v128.shuffle<i16>(x, y, 0, 8, 1, 9, 2, 10, 3, 11);
  const high = v128.shuffle<i16>(x, y, 4, 12, 5, 13, 6, 14, 7, 15);
  return i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(low, ab), half), 16),
    i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(high, ab), half), 16),
  );
}

/**
 * JFIF's YCbCr with libjpeg's 16-bit constants. They pass 16 bits with sign, so whole parts are
 * taken out: 1.402 = 1 + 0.402, 1.772 = 2 - 0.228, -0.71414 = -1 + 0.28586.
 */
function convertYcc(yRow: usize, cbRow: usize, crRow: usize, to: usize, n: i32): void {
  const centre = i16x8.splat(128);
  const forRed = i16x8(0, 26345, 0, 26345, 0, 26345, 0, 26345);
  const forBlue = i16x8(-14942, 0, -14942, 0, -14942, 0, -14942, 0);
  const forGreen = i16x8(-22554, 18734, -22554, 18734, -22554, 18734, -22554, 18734);
  const opaque = i8x16.splat(-1);
  for (let x = 0; x < n; x += 8) {
    const y = v128.load8x8_u(yRow + x);
    const cb = i16x8.sub(v128.load8x8_u(cbRow + x), centre);
    const cr = i16x8.sub(v128.load8x8_u(crRow + x), centre);
    const r = i16x8.add(i16x8.add(y, cr), weigh(cb, cr, forRed));
    const g = i16x8.add(i16x8.sub(y, cr), weigh(cb, cr, forGreen));
    const b = i16x8.add(i16x8.add(y, i16x8.shl(cb, 1)), weigh(cb, cr, forBlue));
    const rg = i8x16.narrow_i16x8_u(r, g);
    const ba = i8x16.narrow_i16x8_u(b, opaque);
    const rgPairs = v128.shuffle<i8>(rg, rg, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
    // Negative lanes narrow to 0: set the fourth byte by hand.
    const bPairs = v128.or(
      v128.shuffle<i8>(ba, ba, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15),
      i16x8.splat(<i16>0xff00),
    );
    v128.store(to + (x << 2), v128.shuffle<i16>(rgPairs, bPairs, 0, 8, 1, 9, 2, 10, 3, 11));
    v128.store(to + (x << 2) + 16, v128.shuffle<i16>(rgPairs, bPairs, 4, 12, 5, 13, 6, 14, 7, 15));
  }
}

/** Rows of components 0..3 (as many as there are) to `n` pixels; `to` has room for 8 more. */
export function convertRow(r0: usize, r1: usize, r2: usize, r3: usize, to: usize, n: i32): void {
  if (colourSpace == GREY) {
    for (let x = 0; x < n; x++) {
      store<u32>(to + (x << 2), 0xff000000 | (<u32>load<u8>(r0 + x) * 0x010101));
    }
  } else if (colourSpace == RGB || colourSpace == CMYK) {
    for (let x = 0; x < n; x++) {
      const pixel: u32 =
        <u32>load<u8>(r0 + x) | (<u32>load<u8>(r1 + x) << 8) | (<u32>load<u8>(r2 + x) << 16);
      store<u32>(to + (x << 2), 0xff000000 | pixel);
    }
  } else {
    convertYcc(r0, r1, r2, to, n);
  }
  if (colourSpace == CMYK || colourSpace == YCCK) applyBlack(r3, to, n);
}

/**
 * Ink to light. Files with Adobe's marker hold ink inverted (255: none), others plain; and what
 * YCCK's first three give as RGB is 255 - CMY (Adobe Technical Note 5116, libjpeg's jdcolor.c).
 */
function applyBlack(black: usize, to: usize, n: i32): void {
  const plain = adobeTransform < 0;
  const inverted = plain != (colourSpace == YCCK);
  for (let x = 0; x < n; x++) {
    const at = to + (x << 2);
    let k = <u32>load<u8>(black + x);
    if (plain) k = 255 - k;
    for (let i: usize = 0; i < 3; i++) {
      let ink = <u32>load<u8>(at + i);
      if (inverted) ink = 255 - ink;
      store<u8>(at + i, <u8>((ink * k + 127) / 255));
    }
  }
}
