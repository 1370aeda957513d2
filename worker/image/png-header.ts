import { HemlineError } from "../errors.ts";
import { ByteReader, startsWith } from "./bytes.ts";
import { exifOrientation } from "./exif.ts";
import type { Header, Orientation } from "./sniff.ts";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

export function isPng(bytes: Uint8Array): boolean {
  return startsWith(bytes, SIGNATURE);
}

/** Walks the chunks (PNG, third edition, section 5): a file without its IEND is cut short. */
export function pngHeader(bytes: Uint8Array): Omit<Header, "format"> {
  const file = new ByteReader(bytes);
  if (file.text(12, 4) !== "IHDR") {
    throw new HemlineError("corrupt_image", "The PNG does not begin with its header.");
  }
  const [width, height] = [file.u32(16), file.u32(20)];
  if (width === 0 || height === 0) {
    throw new HemlineError("corrupt_image", "The picture has no size.");
  }
  let orientation: Orientation = 1;
  for (let offset = 8; ; ) {
    const length = file.u32(offset);
    const type = file.text(offset + 4, 4);
    if (type === "IEND") return { width, height, orientation };
    const data = offset + 8;
    if (type === "eXIf") orientation = exifOrientation(bytes.subarray(data, data + length));
    offset = data + length + 4; // the checksum
  }
}
