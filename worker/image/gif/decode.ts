import { HemlineError } from "../../errors.ts";
import { ByteReader } from "../bytes.ts";
import { unpack } from "./lzw.ts";

const EXTENSION = 0x21;
const IMAGE = 0x2c;
const GRAPHIC_CONTROL = 0xf9;
/** Extensions before the first picture: comments, profiles, the loop count. */
const MAX_BLOCKS = 1000;
/** Rows of the four passes of an interlaced picture (GIF89a, appendix E). */
const PASSES = [
  [0, 8],
  [4, 8],
  [2, 4],
  [1, 2],
] as const;

/** Rows are handed on in strips of about so many bytes. */
const STRIP_BYTES = 1 << 18;

/**
 * The first frame on a transparent screen, as RGBA rows from the top. `take` must be done with them
 * when it returns. Memory: a byte a pixel. Throws `corrupt_image`.
 */
export function readGif(bytes: Uint8Array, take: (rows: Uint8Array) => void): void {
  const file = new ByteReader(bytes);
  const [width, height] = [file.u16(6, true), file.u16(8, true)];
  const screen = colourTable(bytes, 13, file.u8(10));
  let at = 13 + screen.length;
  let transparent = -1;
  for (let i = 0; i < MAX_BLOCKS; i++) {
    const kind = file.u8(at);
    if (kind === IMAGE) {
      const frame = readFrame(file, bytes, at, screen);
      emit(frame, transparent, width, height, take);
      return;
    }
    if (kind !== EXTENSION) break;
    if (file.u8(at + 1) === GRAPHIC_CONTROL && (file.u8(at + 3) & 1) === 1) {
      transparent = file.u8(at + 6);
    }
    at = subBlocks(file, bytes, at + 2).end;
  }
  throw damaged("The GIF holds no picture.");
}

interface Frame {
  left: number;
  top: number;
  width: number;
  height: number;
  /** Three bytes a colour. */
  colours: Uint8Array;
  interlaced: boolean;
  /** One a pixel, rows as stored. */
  indices: Uint8Array;
}

function readFrame(file: ByteReader, bytes: Uint8Array, at: number, screen: Uint8Array): Frame {
  const [left, top] = [file.u16(at + 1, true), file.u16(at + 3, true)];
  const [width, height] = [file.u16(at + 5, true), file.u16(at + 7, true)];
  const flags = file.u8(at + 9);
  const fits = left + width <= file.u16(6, true) && top + height <= file.u16(8, true);
  if (!fits) throw damaged("The GIF's frame leaves the screen.");
  const own = colourTable(bytes, at + 10, flags);
  const codeSize = file.u8(at + 10 + own.length);
  if (codeSize < 2 || codeSize > 8) throw damaged("The GIF's picture data is damaged.");
  const { data } = subBlocks(file, bytes, at + 11 + own.length);
  return {
    ...{ left, top, width, height },
    colours: own.length > 0 ? own : screen,
    interlaced: (flags & 0x40) !== 0,
    indices: unpack(data, codeSize, width * height),
  };
}

function emit(
  frame: Frame,
  transparent: number,
  width: number,
  height: number,
  take: (rows: Uint8Array) => void,
): void {
  const colours = rgba(frame.colours, transparent);
  const stored = storedRows(frame);
  const rows = Math.min(height, Math.ceil(STRIP_BYTES / (width * 4)));
  const strip = new Uint32Array(width * rows);
  for (let first = 0; first < height; first += rows) {
    const count = Math.min(rows, height - first);
    strip.fill(0);
    for (let y = 0; y < count; y++) {
      const row = stored[first + y - frame.top];
      if (row === undefined) continue;
      let to = y * width + frame.left;
      const end = (row + 1) * frame.width;
      for (let from = row * frame.width; from < end; from++) {
        strip[to++] = colours[frame.indices[from] as number] as number;
      }
    }
    take(new Uint8Array(strip.buffer, 0, count * width * 4));
  }
}

/** 256 pixels as little-endian words; an index past the table is black. */
function rgba(colours: Uint8Array, transparent: number): Uint32Array {
  const words = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    const [r = 0, g = 0, b = 0] = colours.subarray(i * 3, i * 3 + 3);
    words[i] = i === transparent ? 0 : r | (g << 8) | (b << 16) | (255 << 24);
  }
  return words;
}

/** Which stored row each row of the frame is. */
function storedRows({ height, interlaced }: Frame): Uint32Array {
  const rows = new Uint32Array(height);
  let next = 0;
  for (const [first, step] of interlaced ? PASSES : ([[0, 1]] as const)) {
    for (let y = first; y < height; y += step) rows[y] = next++;
  }
  return rows;
}

/** The colour table at `at`, if the flags announce one: 3 bytes a colour. */
function colourTable(bytes: Uint8Array, at: number, flags: number): Uint8Array {
  return (flags & 0x80) === 0 ? new Uint8Array() : bytes.subarray(at, at + 3 * (2 << (flags & 7)));
}

/** The sub-blocks at `at`, joined, and where they end (GIF89a, section 15). */
function subBlocks(file: ByteReader, bytes: Uint8Array, at: number) {
  let end = at;
  let total = 0;
  for (let n = file.u8(end); n !== 0; n = file.u8(end)) {
    total += n;
    end += 1 + n;
  }
  const data = new Uint8Array(total);
  for (let from = at, to = 0; from < end; ) {
    const n = file.u8(from);
    data.set(bytes.subarray(from + 1, from + 1 + n), to);
    to += n;
    from += 1 + n;
  }
  return { data, end: end + 1 };
}

const damaged = (detail: string) => new HemlineError("corrupt_image", detail);
