import type { ColorTag } from "../schemas/tags.ts";
import type { MapFile } from "./map.ts";

/** How scores of labels that became one word are joined. */
export type Join = (a: number, b: number) => number;

/** A picture is one category alone, so that the chance of either is the sum. */
export const sum: Join = (a, b) => a + b;
/** Attributes do not exclude each other: that of either is at least the larger. */
export const largest: Join = Math.max;

/** The word for a label: its id where the map leaves it, none where the map drops it. */
export function wordOf({ others, labels }: MapFile, id: string): string | undefined {
  const entry = labels[id];
  if (entry === null) return undefined;
  if (entry === undefined) return others === "keep" ? id : undefined;
  return entry.word ?? id;
}

export const thresholdOf = ({ labels }: MapFile, id: string): number | undefined =>
  labels[id]?.threshold;

/** Words with their joined scores, in the order in which the labels brought them. */
export function reword(
  scores: Iterable<readonly [id: string, score: number]>,
  map: MapFile,
  join: Join,
): Map<string, number> {
  const words = new Map<string, number>();
  for (const [id, score] of scores) {
    const word = wordOf(map, id);
    if (word === undefined) continue;
    const before = words.get(word);
    words.set(word, before === undefined ? score : join(before, score));
  }
  return words;
}

/** Colours in the map's words; of those that became one, the first shows and the shares add up. */
export function rewordColors(colors: readonly ColorTag[], map: MapFile): ColorTag[] {
  const words = new Map<string, ColorTag>();
  for (const [id, hex, share] of colors) {
    const word = wordOf(map, id);
    if (word === undefined || share < (thresholdOf(map, id) ?? 0)) continue;
    const [, shown = hex, before = 0] = words.get(word) ?? [];
    words.set(word, [word, shown, Math.round((before + share) * 100) / 100]);
  }
  return [...words.values()];
}
