import { HemlineError } from "../errors.ts";
import type { Format, Header } from "./sniff.ts";

/**
 * An isolate has 128 MB for everything: the runtime, tfjs and the network take about 35, picture
 * files in flight up to 40. What is left is for the one picture that is being decoded.
 */
export const DECODE_BYTES = 48_000_000;

/**
 * Bytes that a pixel takes at the most while it is decoded: the codec's own planes, its RGBA, and
 * the copy that it hands out (measured: `worker/image/README.md`).
 */
const BYTES_PER_PIXEL = { webp: 13, avif: 39, gif: 2, interlacedPng: 4 };

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
} as const satisfies Record<Exclude<Format, "heic"> | "png, interlaced", number>;

/** The most pixels that a picture of this kind may have; 0 where there is no decoder for it. */
function limitOf({ format, interlaced }: Header): number {
  return format === "heic" ? 0 : PIXEL_LIMITS[interlaced ? "png, interlaced" : format];
}

/** Whether the decoders here take the picture. */
export function isReadable(header: Header): boolean {
  return header.width * header.height <= limitOf(header);
}

/** Throws `too_many_pixels` for a picture that decoding would not fit, `unsupported_type` for HEIC. */
export function checkPixels(header: Header): void {
  if (isReadable(header)) return;
  const { format, width, height, interlaced } = header;
  if (format === "heic") {
    const detail = `HEIC is read only ${WITH_SERVICE}. Send JPEG, PNG, WebP, GIF or AVIF.`;
    throw new HemlineError("unsupported_type", detail);
  }
  const kind = interlaced ? "interlaced png" : format;
  const most = `${width} x ${height} is more than ${limitOf(header)} pixels, the most for ${kind}`;
  const more = format === "jpeg" ? "." : `; larger ones are read only ${WITH_SERVICE}.`;
  throw new HemlineError("too_many_pixels", `${most}${more}`);
}

const WITH_SERVICE = "where the Worker is bound to Cloudflare Images (IMAGES)";
