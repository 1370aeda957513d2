import type { Pixels } from "../../../../worker/image/pixels.ts";

/** Composites straight alpha over white in place, rounding to nearest; RGB pictures stay as they are. */
export function flattenOverWhite(picture: Pixels): void {
  if (picture.channels === 3) return;
  const { data } = picture;
  for (let p = 0; p < data.length; p += 4) {
    const alpha = data[p + 3] as number;
    if (alpha === 255) continue;
    for (let c = p; c < p + 3; c++) {
      const mixed = (data[c] as number) * alpha + 255 * (255 - alpha);
      data[c] = Math.floor((2 * mixed + 255) / 510);
    }
    data[p + 3] = 255;
  }
}
