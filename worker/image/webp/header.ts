import { HemlineError } from "../../errors.ts";
import { ByteReader, startsWith } from "../bytes.ts";
import { exifOrientation } from "../exif.ts";
import type { Header, Orientation } from "../sniff.ts";
import { ANIMATION, findFrame } from "./first-frame.ts";

const RIFF = [0x52, 0x49, 0x46, 0x46];
const WEBP = [0x57, 0x45, 0x42, 0x50];
/** A file of empty chunks would keep a CPU busy. */
const MAX_CHUNKS = 10_000;

export function isWebp(bytes: Uint8Array): boolean {
  return startsWith(bytes, RIFF) && startsWith(bytes, WEBP, 8);
}

/** Reads the first chunk and looks for EXIF (RFC 9649, sections 2.5 to 2.7). */
export function webpHeader(bytes: Uint8Array): Omit<Header, "format"> {
  const file = new ByteReader(bytes);
  const size = canvas(file, file.text(12, 4));
  if (size.width === 0 || size.height === 0) throw damaged("The picture has no size.");
  return { ...size, orientation: orientation(file, bytes) };
}

function canvas(file: ByteReader, chunk: string): { width: number; height: number } {
  const body = 20;
  if (chunk === "VP8X") {
    // Of an animation the first frame is the picture.
    if ((file.u8(body) & ANIMATION) !== 0) {
      const { width, height } = findFrame(file);
      return { width, height };
    }
    return { width: file.u24le(body + 4) + 1, height: file.u24le(body + 7) + 1 };
  }
  if (chunk === "VP8L") {
    const bits = file.u32(body + 1, true); // after the signature 0x2f: 14 bits each, less one
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (chunk !== "VP8 ") throw damaged("The WebP holds no picture.");
  // RFC 6386, section 9.1: a frame tag, the start code, then 14 bits each under 2 bits of scale.
  if (file.u24le(body + 3) !== 0x2a019d) throw damaged("The WebP's frame has no start code.");
  return { width: file.u16(body + 6, true) & 0x3fff, height: file.u16(body + 8, true) & 0x3fff };
}

function orientation(file: ByteReader, bytes: Uint8Array): Orientation {
  let offset = 12;
  for (let i = 0; offset + 8 <= file.length; i++) {
    if (i === MAX_CHUNKS) throw damaged(`The WebP has more than ${MAX_CHUNKS} chunks.`);
    const length = file.u32(offset + 4, true);
    const data = offset + 8;
    if (data + length > file.length) throw damaged("The file ends before the picture does.");
    if (file.text(offset, 4) === "EXIF") {
      return exifOrientation(bytes.subarray(data, data + length));
    }
    offset = data + length + (length % 2); // chunks are padded to even lengths
  }
  return 1;
}

const damaged = (detail: string) => new HemlineError("corrupt_image", detail);
