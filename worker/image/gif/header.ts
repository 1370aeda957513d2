import { HemlineError } from "../../errors.ts";
import { ByteReader } from "../bytes.ts";
import type { Header } from "../sniff.ts";

export function isGif(bytes: Uint8Array): boolean {
  return /^GIF8[79]a/.test(String.fromCharCode(...bytes.subarray(0, 6)));
}

/** The logical screen (GIF89a, section 18); the first frame is drawn on it. */
export function gifHeader(bytes: Uint8Array): Omit<Header, "format"> {
  const file = new ByteReader(bytes);
  const [width, height] = [file.u16(6, true), file.u16(8, true)];
  if (width === 0 || height === 0) {
    throw new HemlineError("corrupt_image", "The picture has no size.");
  }
  return { width, height, orientation: 1 };
}
