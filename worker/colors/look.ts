import { type Cluster, clusterColours } from "./clusters.ts";
import { colourFeatures } from "./features.ts";
import { CELLS, GRID, readGrid } from "./grid.ts";
import { outlineGarment } from "./outline.ts";
import { garmentPrior, PRIOR_GRID } from "./prior.ts";
import { colourBins, segmentGarment } from "./segment.ts";

/** The garment's pixels, gathered into clusters of like colour. */
export interface Look {
  readonly mask: Uint8Array; // [GRID x GRID], 1 = garment
  readonly clusters: readonly Cluster[]; // largest first
  readonly features: Float32Array; // [clusters, FEATURES]
}

/** Fewer cells than this are no garment: the colour models have lost it. */
const LEAST = CELLS / 100;

function threshold(belongs: Float32Array, prior: Float32Array): Uint8Array {
  const mask = new Uint8Array(CELLS);
  let count = 0;
  for (let i = 0; i < CELLS; i++) {
    if ((belongs[i] as number) > 0.5) {
      mask[i] = 1;
      count++;
    }
  }
  if (count >= LEAST) return mask;
  let most = 0;
  for (const p of prior) most = Math.max(most, p);
  for (let i = 0; i < CELLS; i++) {
    const row = (i / GRID) | 0;
    const p = prior[(row >> 1) * PRIOR_GRID + ((i - row * GRID) >> 1)] as number;
    mask[i] = p >= 0.8 * most ? 1 : 0;
  }
  return mask;
}

/** See `describeColors` for the arguments. */
export function lookAtGarment(
  picture: Uint8Array,
  size: number,
  landmarks: Float32Array,
  presence: Float32Array,
  category: string,
): Look {
  const grid = readGrid(picture, size);
  const outline = outlineGarment(landmarks, presence, category);
  const prior = garmentPrior(outline);
  const bins = colourBins(grid.lab);
  const mask = threshold(segmentGarment(bins, prior), prior);
  const clusters = clusterColours(grid, bins, mask);
  return { mask, clusters, features: colourFeatures(grid, mask, clusters, outline) };
}
