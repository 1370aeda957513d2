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

function describe(lab: Float32Array, mask: Uint8Array, value: 0 | 1): Statistics {
  const histogram = new Uint16Array(101);
  let count = 0;
  let l = 0;
  let a = 0;
  let b = 0;
  let squares = 0;
  for (let i = 0, at = 0; i < CELLS; i++, at += 3) {
    if (mask[i] !== value) continue;
    const here = lab[at] as number;
    count++;
    l += here;
    squares += here * here;
    a += lab[at + 1] as number;
    b += lab[at + 2] as number;
    const bin = (here + 0.5) | 0;
    histogram[bin] = (histogram[bin] as number) + 1;
  }
  if (count === 0) return { count, lab: [50, 0, 0], spread: 0, dark: 50, light: 50 };
  const percentile = (share: number): number => {
    let seen = 0;
    for (let bin = 0; bin <= 100; bin++) {
      seen += histogram[bin] as number;
      if (seen >= share * count) return bin;
    }
    return 100;
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
  const garment = describe(grid.lab, mask, 1);
  const ground = describe(grid.lab, mask, 0);
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
