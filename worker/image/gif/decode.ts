import { HemlineError } from "../../errors.ts";
import { ByteReader } from "../bytes.ts";
import type { Decoded } from "../emscripten.ts";
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

/** The first frame on a transparent screen. Throws `corrupt_image`. */
export function decodeGif(bytes: Uint8Array): Decoded {
  const file = new ByteReader(bytes);
  const [width, height] = [file.u16(6, true), file.u16(8, true)];
  const screen = colourTable(bytes, 13, file.u8(10));
  let at = 13 + screen.length;
  let transparent = -1;
  for (let i = 0; i < MAX_BLOCKS; i++) {
    const kind = file.u8(at);
    if (kind === IMAGE) return decodeFrame(file, bytes, at, { width, height, screen, transparent });
    if (kind !== EXTENSION) break;
    if (file.u8(at + 1) === GRAPHIC_CONTROL && (file.u8(at + 3) & 1) === 1) {
      transparent = file.u8(at + 6);
    }
    at = subBlocks(file, bytes, at + 2).end;
  }
  throw damaged("The GIF holds no picture.");
}

interface Screen {
  width: number;
  height: number;
  screen: Uint8Array;
  transparent: number;
}

function decodeFrame(file: ByteReader, bytes: Uint8Array, at: number, around: Screen): Decoded {
  const [left, top] = [file.u16(at + 1, true), file.u16(at + 3, true)];
  const [w, h] = [file.u16(at + 5, true), file.u16(at + 7, true)];
  const flags = file.u8(at + 9);
  const { width, height, screen, transparent } = around;
  if (left + w > width || top + h > height) throw damaged("The GIF's frame leaves the screen.");
  const own = colourTable(bytes, at + 10, flags);
  const colours = own.length > 0 ? own : screen;
  const codeSize = file.u8(at + 10 + own.length);
  if (codeSize < 2 || codeSize > 8) throw damaged("The GIF's picture data is damaged.");
  const indices = unpack(subBlocks(file, bytes, at + 11 + own.length).data, codeSize, w * h);
  const data = new Uint8ClampedArray(width * height * 4);
  let from = 0;
  for (const [first, step] of (flags & 0x40) !== 0 ? PASSES : [[0, 1] as const]) {
    for (let y = first; y < h; y += step) {
      let to = ((top + y) * width + left) * 4;
      for (let x = 0; x < w; x++, to += 4) {
        const index = indices[from++] as number;
        if (index === transparent) continue;
        data[to] = colours[index * 3] ?? 0;
        data[to + 1] = colours[index * 3 + 1] ?? 0;
        data[to + 2] = colours[index * 3 + 2] ?? 0;
        data[to + 3] = 255;
      }
    }
  }
  return { data, width, height };
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
