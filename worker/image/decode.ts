import { HemlineError } from "../errors.ts";
import { type Decoder, decodeJpeg, decodePng, decodeWebp } from "./codecs.ts";
import type { Pixels } from "./pixels.ts";
import type { Format, Header } from "./sniff.ts";

/** A full decode costs 8 MB a megapixel, and an isolate has 128 MB for everything. */
export const MAX_PIXELS = 5_000_000;

const DECODERS: Record<Format, Decoder> = {
  jpeg: decodeJpeg,
  png: decodePng,
  webp: decodeWebp,
};

/**
 * All pixels of a sniffed file as stored, RGBA, orientation not applied.
 *
 * Throws `too_many_pixels` before decoding, `corrupt_image` where the decoder gives up.
 */
export async function decode(bytes: Uint8Array, header: Header): Promise<Pixels> {
  const { format, width, height } = header;
  if (width * height > MAX_PIXELS) {
    const detail = `${width} x ${height} is more than ${MAX_PIXELS} pixels.`;
    throw new HemlineError("too_many_pixels", detail);
  }
  const image = await DECODERS[format](bytes);
  if (image === undefined || image.width !== width || image.height !== height) {
    throw new HemlineError("corrupt_image", `The ${format} data cannot be decoded.`);
  }
  const { buffer, byteOffset, byteLength } = image.data;
  return { data: new Uint8Array(buffer, byteOffset, byteLength), width, height, channels: 4 };
}
