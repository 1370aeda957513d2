import { ByteReader } from "./bytes.ts";
import type { Orientation } from "./sniff.ts";

const ORIENTATION = 0x0112;
const SHORT = 3;

/**
 * The orientation in a TIFF structure (Exif 3.0, section 4.6.2), with or without the `Exif\0\0`
 * that JPEG puts before it. Damaged or absent metadata means 1: the picture itself may be sound.
 */
export function exifOrientation(block: Uint8Array): Orientation {
  const marked = String.fromCharCode(...block.subarray(0, 6)) === "Exif\0\0";
  try {
    return readOrientation(new ByteReader(marked ? block.subarray(6) : block));
  } catch {
    return 1;
  }
}

function readOrientation(tiff: ByteReader): Orientation {
  const order = tiff.u16(0);
  const littleEndian = order === 0x4949;
  if (!littleEndian && order !== 0x4d4d) return 1;
  if (tiff.u16(2, littleEndian) !== 42) return 1;
  const directory = tiff.u32(4, littleEndian);
  const entries = tiff.u16(directory, littleEndian);
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + i * 12;
    if (tiff.u16(entry, littleEndian) !== ORIENTATION) continue;
    const value = tiff.u16(entry + 8, littleEndian);
    const valid = tiff.u16(entry + 2, littleEndian) === SHORT && value >= 1 && value <= 8;
    return valid ? (value as Orientation) : 1;
  }
  return 1;
}
