/** What the load is made of: real photographs, as stored or enlarged to what a phone sends. */
import { readdirSync, readFileSync } from "node:fs";
import { PHOTOS } from "../../photos.ts";
import { readPhotographs, resized } from "../pictures.ts";

export type Bytes = Uint8Array<ArrayBuffer>;

/** `count` of the stored photographs, spread over the set; all of them by default. */
export function stored(count = Number.POSITIVE_INFINITY): Bytes[] {
  const names = readdirSync(`${PHOTOS}/images`).sort();
  const step = Math.max(1, Math.floor(names.length / count));
  return names
    .filter((_, i) => i % step === 0)
    .slice(0, count)
    .map((name) => new Uint8Array(readFileSync(`${PHOTOS}/images/${name}`)));
}

/** `count` of them, each of about so many megapixels. */
export async function enlarged(count: number, megapixels: number): Promise<Bytes[]> {
  const list: Bytes[] = [];
  for (const photograph of await readPhotographs(count))
    list.push((await resized(photograph, megapixels)).bytes);
  return list;
}

/** Every stored photograph, and one of `large` after each nine: what follows what is never the same. */
export function mixed(large: readonly Bytes[]): Bytes[] {
  return stored().flatMap((picture, i) => {
    const other = i % 9 === 8 ? large[((i - 8) / 9) % large.length] : undefined;
    return other === undefined ? [picture] : [picture, other];
  });
}

export const meanKilobytes = (pictures: readonly Bytes[]): number =>
  Math.round(pictures.reduce((sum, { length }) => sum + length, 0) / pictures.length / 1000);
