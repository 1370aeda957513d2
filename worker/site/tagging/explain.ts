import { fromBase64 } from "../../base64.ts";
import type { Explanation, Tags } from "../../schemas/tags.ts";

/** side * side values over the picture, row by row; only their order matters. */
export interface Heatmap {
  side: number;
  values: Uint8Array;
}

/** By label, the best first. */
export interface Heatmaps {
  category: Map<string, Heatmap>;
  landmarks: Map<string, Heatmap>;
}

/** The plain answer, and the heatmaps apart from it. */
export function partExplained(answer: Tags): { tags: Tags; heatmaps: Heatmaps | undefined } {
  const { explain, ...tags } = answer;
  if (explain === undefined) return { tags, heatmaps: undefined };
  const { category, landmarks } = explain;
  return { tags, heatmaps: { category: decoded(category), landmarks: decoded(landmarks) } };
}

function decoded({ side, maps }: Explanation["landmarks"]): Map<string, Heatmap> {
  return new Map(
    Object.entries(maps).map(([name, [text, low, high]]) => [
      name,
      { side, values: positive(fromBase64(text), low, high) },
    ]),
  );
}

/** Values below 0 speak against a category: they are not shown. */
function positive(bytes: Uint8Array, low: number, high: number): Uint8Array {
  return bytes.map((byte) => {
    const value = low + (byte / 255) * (high - low);
    return value <= 0 || high <= 0 ? 0 : Math.round((value / high) * 255);
  });
}
