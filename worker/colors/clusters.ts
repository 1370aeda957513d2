import { CELLS, GRID, type Grid } from "./grid.ts";
import { BINS } from "./segment.ts";

/** A patch of like colour on the garment. Means over its cells. */
export interface Cluster {
  count: number; // cells
  lab: [number, number, number];
  rgb: [number, number, number]; // 0..255
  spread: number; // standard deviation of L
  x: number; // mean place, in fractions of the picture
  y: number;
}

const MOST = 6;
const ROUNDS = 6;
/** Folds and shade change lightness more than they change colour. */
const LIGHTNESS_WEIGHT = 0.6;
/** Two centres nearer than this (CIELAB, lightness weighted) are one colour. */
const APART = 7;

const SUMS = 10; // count, L, a, b, r, g, b, L squared, x, y

/** Sums over the garment's cells, one row a colour bin in use. */
function sumBins(grid: Grid, bins: Uint16Array, mask: Uint8Array): Float64Array[] {
  const rows: Float64Array[] = [];
  const slots = new Int16Array(BINS).fill(-1);
  for (let i = 0, at = 0; i < CELLS; i++, at += 3) {
    if (mask[i] === 0) continue;
    const bin = bins[i] as number;
    if ((slots[bin] as number) < 0) slots[bin] = rows.push(new Float64Array(SUMS)) - 1;
    const row = rows[slots[bin] as number] as Float64Array;
    const l = grid.lab[at] as number;
    const y = (i / GRID) | 0;
    row[0] = (row[0] as number) + 1;
    row[1] = (row[1] as number) + l;
    row[2] = (row[2] as number) + (grid.lab[at + 1] as number);
    row[3] = (row[3] as number) + (grid.lab[at + 2] as number);
    row[4] = (row[4] as number) + (grid.rgb[at] as number);
    row[5] = (row[5] as number) + (grid.rgb[at + 1] as number);
    row[6] = (row[6] as number) + (grid.rgb[at + 2] as number);
    row[7] = (row[7] as number) + l * l;
    row[8] = (row[8] as number) + (i - y * GRID + 0.5) / GRID;
    row[9] = (row[9] as number) + (y + 0.5) / GRID;
  }
  return rows;
}

function toCluster(sums: Float64Array): Cluster {
  const n = sums[0] as number;
  const mean = (i: number): number => (sums[i] as number) / n;
  const l = mean(1);
  return {
    count: n,
    lab: [l, mean(2), mean(3)],
    rgb: [mean(4), mean(5), mean(6)],
    spread: Math.sqrt(Math.max(0, mean(7) - l * l)),
    x: mean(8),
    y: mean(9),
  };
}

/** Where k-means measures: [n,3], L scaled by its weight. */
function toCoordinates(clusters: readonly Cluster[]): Float64Array {
  const at = new Float64Array(clusters.length * 3);
  clusters.forEach(({ lab: [l, a, b] }, i) => {
    at[3 * i] = l * LIGHTNESS_WEIGHT;
    at[3 * i + 1] = a;
    at[3 * i + 2] = b;
  });
  return at;
}

function squaredDistance(p: Float64Array, i: number, q: Float64Array, j: number): number {
  const l = (p[3 * i] as number) - (q[3 * j] as number);
  const a = (p[3 * i + 1] as number) - (q[3 * j + 1] as number);
  const b = (p[3 * i + 2] as number) - (q[3 * j + 2] as number);
  return l * l + a * a + b * b;
}

/** First centre: the fullest bin. Each next: far from all centres so far, and full. */
function seed(bins: readonly Cluster[], at: Float64Array): Cluster[] {
  const centres: Cluster[] = [];
  const nearest = new Float64Array(bins.length).fill(Number.POSITIVE_INFINITY);
  while (centres.length < MOST) {
    let best = -1;
    let score = 0;
    for (let i = 0; i < bins.length; i++) {
      const d = nearest[i] as number;
      if (d <= APART * APART) continue;
      const s = (bins[i] as Cluster).count * (centres.length === 0 ? 1 : d);
      if (s > score) {
        score = s;
        best = i;
      }
    }
    if (best < 0) break;
    centres.push(bins[best] as Cluster);
    for (let i = 0; i < bins.length; i++) {
      nearest[i] = Math.min(nearest[i] as number, squaredDistance(at, i, at, best));
    }
  }
  return centres;
}

/**
 * Up to six clusters of the masked cells' colours, largest first: k-means over histogram bins
 * instead of over cells, so that its cost does not grow with the garment. No masked cell, none.
 */
export function clusterColours(grid: Grid, bins: Uint16Array, mask: Uint8Array): Cluster[] {
  const sums = sumBins(grid, bins, mask);
  const means = sums.map(toCluster);
  const places = toCoordinates(means);
  let centres = seed(means, places);
  for (let round = 0; round < ROUNDS; round++) {
    const gathered = centres.map(() => new Float64Array(SUMS));
    const targets = toCoordinates(centres);
    for (let i = 0; i < sums.length; i++) {
      let best = 0;
      let least = Number.POSITIVE_INFINITY;
      for (let j = 0; j < gathered.length; j++) {
        const d = squaredDistance(places, i, targets, j);
        if (d < least) {
          least = d;
          best = j;
        }
      }
      const into = gathered[best] as Float64Array;
      const from = sums[i] as Float64Array;
      for (let k = 0; k < SUMS; k++) into[k] = (into[k] as number) + (from[k] as number);
    }
    centres = gathered.filter((row) => (row[0] as number) > 0).map(toCluster);
  }
  return centres.sort((a, b) => b.count - a.count);
}
