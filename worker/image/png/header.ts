import { HemlineError } from "../../errors.ts";
import { ByteReader, startsWith } from "../bytes.ts";
import { exifOrientation } from "../exif.ts";
import type { Header, Orientation } from "../sniff.ts";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Encoders write IDAT chunks of 4 kB and more; a file of empty chunks would keep a CPU busy. */
const MAX_CHUNKS = 10_000;

/** Chunk types, four letters each. */
const [IEND, IDAT, PLTE, TRNS, EXIF] = [0x49454e44, 0x49444154, 0x504c5445, 0x74524e53, 0x65584966];

/** Allowed bit depths by colour type (PNG, third edition, table 11.1). */
const DEPTHS: Record<number, readonly number[]> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/** What the chunks say. */
export interface Png extends Omit<Header, "format"> {
  /** 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGB with alpha. */
  colourType: number;
  bitDepth: number;
  interlaced: boolean;
  palette: Uint8Array;
  /** tRNS as stored: alpha by palette entry, or the one colour that is transparent. */
  transparency: Uint8Array;
  /** The compressed data, in pieces. */
  data: Uint8Array[];
}

export function isPng(bytes: Uint8Array): boolean {
  return startsWith(bytes, SIGNATURE);
}

export function pngHeader(bytes: Uint8Array): Omit<Header, "format"> {
  const { width, height, orientation, interlaced } = readChunks(bytes);
  return { width, height, orientation, ...(interlaced && { interlaced }) };
}

/** Walks the chunks (PNG, third edition, section 5): a file without its IEND is cut short. */
export function readChunks(bytes: Uint8Array): Png {
  const file = new ByteReader(bytes);
  if (file.text(12, 4) !== "IHDR") throw damaged("The PNG does not begin with its header.");
  const [width, height] = [file.u32(16), file.u32(20)];
  if (width === 0 || height === 0) throw damaged("The picture has no size.");
  const [bitDepth, colourType] = [file.u8(24), file.u8(25)];
  const known = DEPTHS[colourType]?.includes(bitDepth) && file.u8(26) === 0 && file.u8(27) === 0;
  if (!known || file.u8(28) > 1) throw damaged("The PNG's header is damaged.");
  const interlaced = file.u8(28) === 1;
  let orientation: Orientation = 1;
  let palette = new Uint8Array();
  let transparency = new Uint8Array();
  const data: Uint8Array[] = [];
  let offset = 8;
  for (let i = 0; i < MAX_CHUNKS; i++) {
    const length = file.u32(offset);
    const type = file.u32(offset + 4);
    const body = bytes.subarray(offset + 8, offset + 8 + length);
    if (type === IEND) {
      const found = { width, height, orientation, interlaced, bitDepth, colourType };
      return { ...found, palette, transparency, data };
    }
    if (type === IDAT) data.push(body);
    if (type === PLTE) palette = Uint8Array.from(body);
    if (type === TRNS) transparency = Uint8Array.from(body);
    if (type === EXIF) orientation = exifOrientation(body);
    offset += 8 + length + 4; // the checksum
  }
  throw damaged(`The PNG has more than ${MAX_CHUNKS} chunks.`);
}

const damaged = (detail: string) => new HemlineError("corrupt_image", detail);
