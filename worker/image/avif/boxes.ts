import { HemlineError } from "../../errors.ts";
import type { ByteReader } from "../bytes.ts";

/** A box's contents (ISO/IEC 14496-12, section 4.2), `end` exclusive. */
export interface Box {
  type: string;
  start: number;
  end: number;
}

const MAX_BOXES = 1000;

export function* boxesIn(file: ByteReader, { start, end }: Omit<Box, "type">): Generator<Box> {
  let at = start;
  for (let i = 0; at + 8 <= end; i++) {
    const size = file.u32(at) || end - at; // 0: to the end
    const type = file.text(at + 4, 4);
    // 1 announces a 64-bit size: only media data is as large as that.
    if (size < 8 || i === MAX_BOXES) return;
    yield { type, start: at + 8, end: Math.min(at + size, end) };
    at += size;
  }
}

export function child(file: ByteReader, parent: Omit<Box, "type">, type: string): Box {
  for (const box of boxesIn(file, parent)) if (box.type === type) return box;
  throw new HemlineError("corrupt_image", `The HEIF file has no \`${type}\`.`);
}
