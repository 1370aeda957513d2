import { HemlineError } from "../errors.ts";
import type { Format, Header } from "./sniff.ts";

/**
 * An isolate has 128 MB for everything: the runtime, tfjs and the network take about 40, picture
 * files in flight up to 40. What is left is for the one picture that is being decoded.
 */
export const DECODE_BYTES = 48_000_000;

/**
 * Bytes that a pixel takes at the most while it is decoded: the codec's own planes, its RGBA, and
 * the copy that it hands out (measured: `worker/image/README.md`).
 */
const BYTES_PER_PIXEL = { webp: 13, avif: 39, gif: 6, interlacedPng: 4 };

/** JPEGs and PNGs are decoded row by row: so many pixels bound the time, not the memory. */
const JPEG_PIXELS = 100_000_000;
const PNG_PIXELS = 50_000_000;

/** The most pixels a picture of each format may have. */
export const PIXEL_LIMITS = {
  jpeg: JPEG_PIXELS,
  png: PNG_PIXELS,
  "png, interlaced": Math.floor(DECODE_BYTES / BYTES_PER_PIXEL.interlacedPng),
  webp: Math.floor(DECODE_BYTES / BYTES_PER_PIXEL.webp),
  gif: Math.floor(DECODE_BYTES / BYTES_PER_PIXEL.gif),
  avif: Math.floor(DECODE_BYTES / BYTES_PER_PIXEL.avif),
} as const satisfies Record<Format | "png, interlaced", number>;

/** Throws `too_many_pixels` for a picture that decoding would not fit. */
export function checkPixels({ format, width, height, interlaced }: Header): void {
  const kind = interlaced ? "png, interlaced" : format;
  const limit = PIXEL_LIMITS[kind];
  if (width * height <= limit) return;
  const detail = `${width} x ${height} is more than ${limit} pixels, the most for ${kind}.`;
  throw new HemlineError("too_many_pixels", detail);
}
