import { HemlineError } from "../../errors.ts";
import { ByteReader } from "../bytes.ts";

/** Flags of VP8X (RFC 9649, section 2.7.1). */
export const ANIMATION = 0x02;
const ALPHA = 0x10;
/** Chunks before the first frame: ICCP, ANIM, a few unknown ones. */
const MAX_CHUNKS = 100;

/** The first ANMF chunk's data, and the frame's size (RFC 9649, section 2.7.1.1). */
export function findFrame(file: ByteReader) {
  let offset = 12;
  for (let i = 0; i < MAX_CHUNKS; i++) {
    const length = file.u32(offset + 4, true);
    const body = offset + 8;
    if (file.text(offset, 4) === "ANMF") {
      const [width, height] = [file.u24le(body + 6) + 1, file.u24le(body + 9) + 1];
      // 16 bytes of frame header, then ALPH, VP8 or VP8L as in a still picture.
      return { width, height, start: body + 16, end: body + length };
    }
    offset = body + length + (length % 2);
  }
  throw new HemlineError("corrupt_image", "The animated WebP has no frame.");
}

/** The file itself, or where it is animated its first frame as a still picture's file. */
export function firstFrame(bytes: Uint8Array): Uint8Array {
  const file = new ByteReader(bytes);
  if (file.text(12, 4) !== "VP8X" || (file.u8(20) & ANIMATION) === 0) return bytes;
  const { width, height, start, end } = findFrame(file);
  const chunks = bytes.subarray(start, end);
  const still = new Uint8Array(30 + chunks.length);
  const view = new DataView(still.buffer);
  still.set(bytes.subarray(0, 12)); // RIFF, size, WEBP
  view.setUint32(4, still.length - 8, true);
  still.set(bytes.subarray(12, 20), 12); // VP8X and its length
  still[20] = file.text(start, 4) === "VP8 " ? 0 : ALPHA;
  view.setUint32(24, width - 1, true);
  // 24 bits each: the second number overwrites the first one's empty top byte.
  view.setUint16(27, (height - 1) & 0xffff, true);
  still[29] = (height - 1) >> 16;
  still.set(chunks, 30);
  return still;
}
