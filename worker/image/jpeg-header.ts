import { HemlineError } from "../errors.ts";
import { ByteReader, cutShort, startsWith } from "./bytes.ts";
import { exifOrientation } from "./exif.ts";
import type { Header, Orientation } from "./sniff.ts";

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const APP1 = 0xe1;
/** Start-of-frame markers (ITU-T T.81, table B.1): 0xc0..0xcf without DHT, JPG and DAC. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
/** Baseline, extended and progressive, all Huffman coded. */
const READABLE_FRAMES = [0xc0, 0xc1, 0xc2];

export function isJpeg(bytes: Uint8Array): boolean {
  return startsWith(bytes, [0xff, SOI, 0xff]);
}

/** Walks the segments (ITU-T T.81, annex B) up to the first scan. */
export function jpegHeader(bytes: Uint8Array): Omit<Header, "format"> {
  const file = new ByteReader(bytes);
  let orientation: Orientation = 1;
  let size: { width: number; height: number } | undefined;
  let offset = 2;
  for (;;) {
    if (file.u8(offset) !== 0xff) throw damaged("A segment does not begin with a marker.");
    const marker = file.u8(offset + 1);
    if (marker === 0xff) {
      offset++; // fill byte
      continue;
    }
    if (marker === EOI) throw cutShort();
    const length = file.u16(offset + 2);
    if (length < 2) throw damaged("A segment has an impossible length.");
    const body = offset + 4;
    if (marker === APP1 && file.length >= body + 6 && file.text(body, 6) === "Exif\0\0") {
      orientation = exifOrientation(bytes.subarray(body, offset + 2 + length));
    } else if (isFrame(marker)) {
      size ??= frameSize(file, marker, body);
    } else if (marker === SOS) {
      if (size === undefined) throw damaged("There is no frame before the scan.");
      if (!endsAfter(bytes, body)) throw cutShort();
      return { ...size, orientation };
    }
    offset += 2 + length;
  }
}

function frameSize(file: ByteReader, marker: number, body: number) {
  const [bits, components] = [file.u8(body), file.u8(body + 5)];
  if (!READABLE_FRAMES.includes(marker) || bits !== 8 || (components !== 1 && components !== 3)) {
    const detail = "This kind of JPEG (CMYK, lossless, arithmetic or 12 bits) cannot be read.";
    throw new HemlineError("unsupported_type", detail);
  }
  const size = { height: file.u16(body + 1), width: file.u16(body + 3) };
  if (size.width === 0 || size.height === 0) throw damaged("The picture has no size.");
  return size;
}

/**
 * Whether the picture ends, rather than the file. In a scan 0xff is stuffed with 0x00, so an EOI
 * marker there is a real one; libjpeg would fill what is missing with grey and say nothing.
 */
function endsAfter(bytes: Uint8Array, scan: number): boolean {
  for (let i = bytes.lastIndexOf(EOI); i > scan; i = bytes.lastIndexOf(EOI, i - 1)) {
    if (bytes[i - 1] === 0xff) return true;
  }
  return false;
}

const damaged = (detail: string) => new HemlineError("corrupt_image", detail);
