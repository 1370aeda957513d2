import type { Tags } from "../../describe.ts";
import type { Heatmap, Heatmaps } from "../views/heatmap.ts";

/** Maps as the API gives them with `?explain=heatmap`. */
interface EncodedMaps {
  width: number;
  height: number;
  /** Base64 of width * height bytes, row by row, 0..255. */
  maps: Record<string, string>;
}

interface Explained extends Tags {
  explain?: { landmarks: EncodedMaps; categories: EncodedMaps };
}

/** The plain answer, and the heatmaps apart from it. */
export function partExplained(answer: Tags): { tags: Tags; heatmaps: Heatmaps | undefined } {
  const { explain, ...tags } = answer as Explained;
  if (explain === undefined) return { tags, heatmaps: undefined };
  return {
    tags,
    heatmaps: { landmarks: decoded(explain.landmarks), categories: decoded(explain.categories) },
  };
}

function decoded({ width, height, maps }: EncodedMaps): Map<string, Heatmap> {
  return new Map(
    Object.entries(maps).map(([name, text]) => [name, { width, height, values: bytesOf(text) }]),
  );
}

const bytesOf = (base64: string): Uint8Array =>
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
