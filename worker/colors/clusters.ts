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
  const rows = new Map<number, Float64Array>();
  const slots: (Float64Array | undefined)[] = new Array(BINS);
  for (let i = 0, at = 0; i < CELLS; i++, at += 3) {
    if (mask[i] === 0) continue;
    const bin = bins[i] as number;
    let row = slots[bin];
    if (!row) {
      row = new Float64Array(SUMS);
      slots[bin] = row;
      rows.set(bin, row);
    }
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
  return [...rows.values()];
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

function squaredDistance(a: Cluster, b: Cluster): number {
  const l = (a.lab[0] - b.lab[0]) * LIGHTNESS_WEIGHT;
  const da = a.lab[1] - b.lab[1];
  const db = a.lab[2] - b.lab[2];
  return l * l + da * da + db * db;
}

/** First centre: the fullest bin. Each next: far from all centres so far, and full. */
function seed(bins: readonly Cluster[]): Cluster[] {
  const centres: Cluster[] = [];
  const nearest = new Float64Array(bins.length).fill(Number.POSITIVE_INFINITY);
  while (centres.length < MOST) {
    let best = -1;
    let score = 0;
    bins.forEach((bin, i) => {
      const d = nearest[i] as number;
      const s = d === Number.POSITIVE_INFINITY ? bin.count : d > APART * APART ? bin.count * d : 0;
      if (s > score) {
        score = s;
        best = i;
      }
    });
    const centre = bins[best];
    if (!centre) break;
    centres.push(centre);
    bins.forEach((bin, i) => {
      nearest[i] = Math.min(nearest[i] as number, squaredDistance(bin, centre));
    });
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
  let centres = seed(means);
  for (let round = 0; round < ROUNDS; round++) {
    const gathered = centres.map(() => new Float64Array(SUMS));
    means.forEach((mean, i) => {
      let best = 0;
      let least = Number.POSITIVE_INFINITY;
      centres.forEach((centre, j) => {
        const d = squaredDistance(mean, centre);
        if (d < least) {
          least = d;
          best = j;
        }
      });
      const into = gathered[best] as Float64Array;
      const from = sums[i] as Float64Array;
      for (let k = 0; k < SUMS; k++) into[k] = (into[k] as number) + (from[k] as number);
    });
    centres = gathered.filter((row) => (row[0] as number) > 0).map(toCluster);
  }
  return centres.sort((a, b) => b.count - a.count);
}
