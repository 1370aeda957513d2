import type { Cluster } from "./clusters.ts";
import { CELLS, type Grid } from "./grid.ts";
import type { Outline } from "./outline.ts";

/**
 * What the naming network reads, one row a cluster: the cluster's own colour and place, then the
 * light it was seen in. Most photographs are taken indoors, underexposed, under warm lamps: the
 * same pixel is white on one bed and beige on another, so the garment's range of lightness and the
 * background stand beside it.
 */
export const FEATURES = 28;

/** Mean and extent of the cells where `mask` is `value`. */
interface Statistics {
  readonly count: number;
  readonly lab: readonly [number, number, number];
  readonly spread: number;
  readonly dark: number; // 5th percentile of L
  readonly light: number; // 95th percentile of L
}

const LEVELS = 101; // of L, in whole numbers
const SUMS = 5; // count, L, a, b, L squared

/** Of the cells where `mask` is 0, and of those where it is 1, in one walk over them. */
function describe(lab: Float32Array, mask: Uint8Array): [Statistics, Statistics] {
  const histogram = new Uint16Array(2 * LEVELS);
  const sums = new Float64Array(2 * SUMS);
  for (let i = 0, at = 0; i < CELLS; i++, at += 3) {
    const side = mask[i] as number;
    const row = side * SUMS;
    const l = lab[at] as number;
    sums[row] = (sums[row] as number) + 1;
    sums[row + 1] = (sums[row + 1] as number) + l;
    sums[row + 2] = (sums[row + 2] as number) + (lab[at + 1] as number);
    sums[row + 3] = (sums[row + 3] as number) + (lab[at + 2] as number);
    sums[row + 4] = (sums[row + 4] as number) + l * l;
    const bin = side * LEVELS + ((l + 0.5) | 0);
    histogram[bin] = (histogram[bin] as number) + 1;
  }
  return [
    toStatistics(sums.subarray(0, SUMS), histogram.subarray(0, LEVELS)),
    toStatistics(sums.subarray(SUMS), histogram.subarray(LEVELS)),
  ];
}

function toStatistics(sums: Float64Array, histogram: Uint16Array): Statistics {
  const [count = 0, l = 0, a = 0, b = 0, squares = 0] = sums;
  if (count === 0) return { count, lab: [50, 0, 0], spread: 0, dark: 50, light: 50 };
  const percentile = (share: number): number => {
    let seen = 0;
    for (let level = 0; level < LEVELS; level++) {
      seen += histogram[level] as number;
      if (seen >= share * count) return level;
    }
    return LEVELS - 1;
  };
  const mean = l / count;
  return {
    count,
    lab: [mean, a / count, b / count],
    spread: Math.sqrt(Math.max(0, squares / count - mean * mean)),
    dark: percentile(0.05),
    light: percentile(0.95),
  };
}

/** [clusters.length, FEATURES], row by row; numbers of about -3..3. */
export function colourFeatures(
  grid: Grid,
  mask: Uint8Array,
  clusters: readonly Cluster[],
  outline: Outline | undefined,
): Float32Array {
  const [ground, garment] = describe(grid.lab, mask);
  const centre = outline?.centre ?? { x: 0.5, y: 0.5 };
  const scale = outline?.scale ?? 0.5;
  const main = clusters[0]?.lab ?? [50, 0, 0];
  const rows = new Float32Array(clusters.length * FEATURES);
  clusters.forEach((cluster, i) => {
    const [l, a, b] = cluster.lab;
    const chroma = Math.hypot(a, b);
    const share = cluster.count / garment.count;
    rows.set(
      [
        l / 50,
        a / 20,
        b / 20,
        chroma / 20,
        a / (chroma + 4),
        b / (chroma + 4),
        share * 2,
        Math.log(share) / 2,
        cluster.spread / 5,
        Math.hypot(cluster.x - centre.x, cluster.y - centre.y) / scale,
        i === 0 ? 1 : 0,
        (l - main[0]) / 30,
        (a - main[1]) / 20,
        (b - main[2]) / 20,
        garment.lab[0] / 50,
        garment.lab[1] / 20,
        garment.lab[2] / 20,
        garment.spread / 10,
        garment.dark / 50,
        garment.light / 50,
        ground.lab[0] / 50,
        ground.lab[1] / 20,
        ground.lab[2] / 20,
        ground.spread / 10,
        ground.light / 50,
        (l - ground.lab[0]) / 30,
        (a - ground.lab[1]) / 20,
        (b - ground.lab[2]) / 20,
      ],
      i * FEATURES,
    );
  });
  return rows;
}
