import { HemlineError } from "../errors.ts";
import { avifHeader, hasBrand, isAvif } from "./avif/header.ts";
import { gifHeader, isGif } from "./gif/header.ts";
import { isJpeg, jpegHeader } from "./jpeg/header.ts";
import { isPng, pngHeader } from "./png/header.ts";
import { isWebp, webpHeader } from "./webp/header.ts";

export const FORMATS = ["jpeg", "png", "webp", "gif", "avif", "heic"] as const;
export type Format = (typeof FORMATS)[number];

/** EXIF orientation, 1..8 (Exif 3.0, tag 0x0112): how the stored picture must be turned. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** What a file says of itself before anything is decoded. */
export interface Header {
  format: Format;
  /** Pixels as stored, before the orientation is applied. */
  width: number;
  height: number;
  orientation: Orientation;
  /** Adam7: such a PNG cannot be decoded row by row. */
  interlaced?: boolean;
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
  if (isGif(bytes)) return { format: "gif", ...gifHeader(bytes) };
  if (isAvif(bytes)) return { format: "avif", ...avifHeader(bytes) };
  if (isHeic(bytes)) return { format: "heic", ...avifHeader(bytes) };
  const type = knownType(bytes) ?? "These bytes";
  throw new HemlineError(
    "unsupported_type",
    `${type} cannot be read. Send JPEG, PNG, WebP, GIF or AVIF.`,
  );
}

/** What iPhones take: HEVC inside HEIF, which only the platform's own image service reads. */
const isHeic = (bytes: Uint8Array): boolean =>
  hasBrand(bytes, ["heic", "heix", "hevc", "heim", "heis", "mif1", "msf1"]);

/** Types people try, so that the answer can name them. */
function knownType(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 16));
  if (start.startsWith("BM")) return "BMP";
  if (start.startsWith("II*\0") || start.startsWith("MM\0*")) return "TIFF";
  if (start.startsWith("%PDF")) return "PDF";
  if (start.startsWith("<svg") || start.startsWith("<?xml")) return "SVG";
  return undefined;
}
