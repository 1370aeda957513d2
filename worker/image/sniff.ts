import { HemlineError } from "../errors.ts";
import { isJpeg, jpegHeader } from "./jpeg-header.ts";
import { isPng, pngHeader } from "./png-header.ts";
import { isWebp, webpHeader } from "./webp-header.ts";

export type Format = "jpeg" | "png" | "webp";

/** EXIF orientation, 1..8 (Exif 3.0, tag 0x0112): how the stored picture must be turned. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** What a file says of itself before anything is decoded. */
export interface Header {
  format: Format;
  /** Pixels as stored, before the orientation is applied. */
  width: number;
  height: number;
  orientation: Orientation;
}

/**
 * Recognises a picture by its bytes and reads its header.
 *
 * Throws `empty_body`, `unsupported_type`, or `corrupt_image` for a file cut short in its header.
 */
export function sniff(bytes: Uint8Array): Header {
  if (bytes.length === 0) throw new HemlineError("empty_body", "There are no bytes to look at.");
  if (isJpeg(bytes)) return { format: "jpeg", ...jpegHeader(bytes) };
  if (isPng(bytes)) return { format: "png", ...pngHeader(bytes) };
  if (isWebp(bytes)) return { format: "webp", ...webpHeader(bytes) };
  const type = knownType(bytes) ?? "These bytes";
  throw new HemlineError("unsupported_type", `${type} cannot be read. Send JPEG, PNG or WebP.`);
}

/** Types people try, so that the answer can name them. */
function knownType(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 16));
  if (start.startsWith("GIF8")) return "GIF";
  if (start.startsWith("BM")) return "BMP";
  if (start.startsWith("II*\0") || start.startsWith("MM\0*")) return "TIFF";
  if (start.startsWith("ftypavif", 4) || start.startsWith("ftypavis", 4)) return "AVIF";
  if (/^ftyp(heic|heix|hevc|mif1|msf1)/.test(start.slice(4))) return "HEIC";
  if (start.startsWith("%PDF")) return "PDF";
  if (start.startsWith("<svg") || start.startsWith("<?xml")) return "SVG";
  return undefined;
}
