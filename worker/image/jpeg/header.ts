import { HemlineError } from "../../errors.ts";
import { ByteReader, cutShort, startsWith } from "../bytes.ts";
import { exifOrientation } from "../exif.ts";
import type { Header, Orientation } from "../sniff.ts";

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const APP1 = 0xe1;
/** Start-of-frame markers (ITU-T T.81, table B.1): 0xc0..0xcf without DHT, JPG and DAC. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
/** Baseline, extended and progressive, all Huffman coded. */
const READABLE_FRAMES = [0xc0, 0xc1, 0xc2];

/** A large profile or preview comes in 64 kB segments; a file of empty ones keeps a CPU busy. */
const MAX_SEGMENTS = 2000;

export function isJpeg(bytes: Uint8Array): boolean {
  return startsWith(bytes, [0xff, SOI, 0xff]);
}

/** Walks the segments (ITU-T T.81, annex B) up to the first scan. */
export function jpegHeader(bytes: Uint8Array): Omit<Header, "format"> {
  const file = new ByteReader(bytes);
  let orientation: Orientation = 1;
  let size: { width: number; height: number } | undefined;
  let offset = 2;
  for (let i = 0; i < MAX_SEGMENTS; i++) {
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
      return { ...size, orientation };
    }
    offset += 2 + length;
  }
  throw damaged(`There are more than ${MAX_SEGMENTS} segments before the scan.`);
}

function frameSize(file: ByteReader, marker: number, body: number) {
  const [bits, components] = [file.u8(body), file.u8(body + 5)];
  if (!READABLE_FRAMES.includes(marker) || bits !== 8 || ![1, 3, 4].includes(components)) {
    const detail = "This kind of JPEG (lossless, arithmetic or 12 bits) cannot be read.";
    throw new HemlineError("unsupported_type", detail);
  }
  const size = { height: file.u16(body + 1), width: file.u16(body + 3) };
  if (size.width === 0 || size.height === 0) throw damaged("The picture has no size.");
  return size;
}

const damaged = (detail: string) => new HemlineError("corrupt_image", detail);
