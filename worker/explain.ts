import { labels } from "../model/labels.ts";
import type { Evidence, SquareMaps } from "../model/network.ts";
import { toBase64 } from "./base64.ts";
import type { Explanation, Heatmap } from "./schemas/tags.ts";

/** The network's maps in 8 bits: of the landmarks in `found`, and of the best categories. */
export function explain(evidence: Evidence, found: ReadonlySet<string>): Explanation {
  const { heatmaps, categories } = evidence;
  const best = categories.indices.map((index) => labels.category[index] as string);
  return {
    landmarks: { side: heatmaps.side, maps: mapsOf(heatmaps, labels.landmarks, found) },
    category: { side: categories.side, maps: mapsOf(categories, best, new Set(best)) },
  };
}

function mapsOf(
  { side, values }: SquareMaps,
  names: readonly string[],
  kept: ReadonlySet<string>,
): Record<string, Heatmap> {
  const cells = side * side;
  const maps = names.map((name, i) => [name, values.subarray(i * cells, (i + 1) * cells)] as const);
  return Object.fromEntries(
    maps.filter(([name]) => kept.has(name)).map(([name, map]) => [name, quantised(map)]),
  );
}

/** Each map has its own range, so that a faint one keeps its shape. */
function quantised(map: Float32Array): Heatmap {
  const low = Math.min(...map);
  const high = Math.max(...map);
  const step = (high - low) / 255 || 1;
  const bytes = Uint8Array.from(map, (value) => Math.round((value - low) / step));
  return [toBase64(bytes), short(low), short(high)];
}

/** Four digits are more than eight bits need. */
const short = (value: number): number => Number(value.toPrecision(4));
