import { HemlineError } from "../../errors.ts";
import { ByteReader } from "../bytes.ts";
import type { Header, Orientation } from "../sniff.ts";
import { type Box, boxesIn, child } from "./boxes.ts";

/** Whether the brands name one of these (ISO/IEC 14496-12, section 4.3). */
export function hasBrand(bytes: Uint8Array, brands: readonly string[]): boolean {
  const text = String.fromCharCode(...bytes.subarray(0, 64));
  if (text.slice(4, 8) !== "ftyp") return false;
  const end = Math.min(64, text.charCodeAt(3));
  const found = [text.slice(8, 12)];
  for (let at = 16; at + 4 <= end; at += 4) found.push(text.slice(at, at + 4));
  return found.some((brand) => brands.includes(brand));
}

export const isAvif = (bytes: Uint8Array): boolean => hasBrand(bytes, ["avif", "avis"]);

/** The primary item's properties (ISO/IEC 23008-12, section 6.5): size, rotation, mirroring. */
export function avifHeader(bytes: Uint8Array): Omit<Header, "format"> {
  const file = new ByteReader(bytes);
  const meta = child(file, { start: 0, end: file.length }, "meta");
  const inMeta = { start: meta.start + 4, end: meta.end };
  const iprp = child(file, inMeta, "iprp");
  const item = primaryItem(file, child(file, inMeta, "pitm"));
  const indices = associated(file, child(file, iprp, "ipma"), item);
  const all = [...boxesIn(file, child(file, iprp, "ipco"))];
  const own = indices.flatMap((index) => all[index - 1] ?? []);
  const size = own.find(({ type }) => type === "ispe");
  if (size === undefined) throw damaged("The HEIF file does not say its size.");
  const [width, height] = [file.u32(size.start + 4), file.u32(size.start + 8)];
  if (width === 0 || height === 0) throw damaged("The picture has no size.");
  return { width, height, orientation: orientation(file, own) };
}

function primaryItem(file: ByteReader, pitm: Box): number {
  return file.u8(pitm.start) === 0 ? file.u16(pitm.start + 4) : file.u32(pitm.start + 4);
}

/** The 1-based indices of an item's properties. */
function associated(file: ByteReader, ipma: Box, item: number): number[] {
  const wideItems = file.u8(ipma.start) > 0;
  const wideIndices = (file.u8(ipma.start + 3) & 1) === 1;
  const entries = file.u32(ipma.start + 4);
  let at = ipma.start + 8;
  for (let i = 0; i < entries && at < ipma.end; i++) {
    const id = wideItems ? file.u32(at) : file.u16(at);
    at += wideItems ? 4 : 2;
    const n = file.u8(at++);
    const step = wideIndices ? 2 : 1;
    if (id === item) {
      return Array.from({ length: n }, (_, k) =>
        wideIndices ? file.u16(at + k * 2) & 0x7fff : file.u8(at + k) & 0x7f,
      );
    }
    at += n * step;
  }
  throw damaged("The HEIF file's picture has no properties.");
}

/** `irot` (quarter turns anticlockwise), then `imir` (0: top to bottom, 1: left to right), as EXIF. */
const ORIENTATIONS: readonly (readonly [
  none: Orientation,
  tops: Orientation,
  sides: Orientation,
])[] = [
  [1, 4, 2],
  [8, 5, 7],
  [3, 2, 4],
  [6, 7, 5],
];

function orientation(file: ByteReader, properties: readonly Box[]): Orientation {
  const turn = properties.find(({ type }) => type === "irot");
  const mirror = properties.find(({ type }) => type === "imir");
  const row = ORIENTATIONS[turn ? file.u8(turn.start) & 3 : 0];
  return row?.[mirror ? 1 + (file.u8(mirror.start) & 1) : 0] ?? 1;
}

const damaged = (detail: string) => new HemlineError("corrupt_image", detail);
