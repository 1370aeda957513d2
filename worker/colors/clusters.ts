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

/** Sums over the garment's cells, a row of SUMS for each colour bin in use. */
function sumBins(grid: Grid, bins: Uint16Array, mask: Uint8Array): Float64Array {
  const slots = new Int16Array(BINS);
  let used = 0;
  for (let i = 0; i < CELLS; i++) {
    if (mask[i] === 0 || slots[bins[i] as number] !== 0) continue;
    slots[bins[i] as number] = ++used; // from 1: 0 is unused
  }
  const sums = new Float64Array(used * SUMS);
  const { lab, rgb } = grid;
  for (let i = 0, at = 0; i < CELLS; i++, at += 3) {
    if (mask[i] === 0) continue;
    const row = ((slots[bins[i] as number] as number) - 1) * SUMS;
    const l = lab[at] as number;
    const y = (i / GRID) | 0;
    sums[row] = (sums[row] as number) + 1;
    sums[row + 1] = (sums[row + 1] as number) + l;
    sums[row + 2] = (sums[row + 2] as number) + (lab[at + 1] as number);
    sums[row + 3] = (sums[row + 3] as number) + (lab[at + 2] as number);
    sums[row + 4] = (sums[row + 4] as number) + (rgb[at] as number);
    sums[row + 5] = (sums[row + 5] as number) + (rgb[at + 1] as number);
    sums[row + 6] = (sums[row + 6] as number) + (rgb[at + 2] as number);
    sums[row + 7] = (sums[row + 7] as number) + l * l;
    sums[row + 8] = (sums[row + 8] as number) + (i - y * GRID + 0.5) / GRID;
    sums[row + 9] = (sums[row + 9] as number) + (y + 0.5) / GRID;
  }
  return sums;
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

/** Where k-means measures the means of rows of sums: [rows,3], L scaled by its weight. */
function toPlaces(sums: Float64Array): Float64Array<ArrayBuffer> {
  const places = new Float64Array((sums.length / SUMS) * 3);
  for (let from = 0, to = 0; from < sums.length; from += SUMS, to += 3) {
    const n = sums[from] as number;
    places[to] = ((sums[from + 1] as number) / n) * LIGHTNESS_WEIGHT;
    places[to + 1] = (sums[from + 2] as number) / n;
    places[to + 2] = (sums[from + 3] as number) / n;
  }
  return places;
}

function squaredDistance(p: Float64Array, i: number, q: Float64Array, j: number): number {
  const l = (p[3 * i] as number) - (q[3 * j] as number);
  const a = (p[3 * i + 1] as number) - (q[3 * j + 1] as number);
  const b = (p[3 * i + 2] as number) - (q[3 * j + 2] as number);
  return l * l + a * a + b * b;
}

/**
 * Rows to begin with. First: the fullest bin. Each next: far from all so far, and full. Gives the
 * places of the centres.
 */
function seed(sums: Float64Array, places: Float64Array): Float64Array<ArrayBuffer> {
  const bins = sums.length / SUMS;
  const centres: number[] = [];
  const nearest = new Float64Array(bins).fill(Number.POSITIVE_INFINITY);
  while (centres.length < MOST * 3) {
    let best = -1;
    let score = 0;
    for (let i = 0; i < bins; i++) {
      const d = nearest[i] as number;
      if (d <= APART * APART) continue;
      const s = (sums[i * SUMS] as number) * (centres.length === 0 ? 1 : d);
      if (s > score) {
        score = s;
        best = i;
      }
    }
    if (best < 0) break;
    centres.push(...places.subarray(3 * best, 3 * best + 3));
    for (let i = 0; i < bins; i++) {
      nearest[i] = Math.min(nearest[i] as number, squaredDistance(places, i, places, best));
    }
  }
  return Float64Array.from(centres);
}

/** Gives each bin to its nearest centre; whether any bin went elsewhere than before. */
function assign(places: Float64Array, centres: Float64Array, owners: Uint8Array): boolean {
  const count = centres.length / 3;
  let moved = false;
  for (let i = 0; i < owners.length; i++) {
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let j = 0; j < count; j++) {
      const d = squaredDistance(places, i, centres, j);
      if (d < least) {
        least = d;
        best = j;
      }
    }
    moved ||= owners[i] !== best;
    owners[i] = best;
  }
  return moved;
}

/** The sums of what each centre owns, one row a centre that owns anything. */
function gather(sums: Float64Array, owners: Uint8Array, count: number): Float64Array<ArrayBuffer> {
  const gathered = new Float64Array(count * SUMS);
  for (let i = 0, from = 0; i < owners.length; i++, from += SUMS) {
    const into = (owners[i] as number) * SUMS;
    for (let k = 0; k < SUMS; k++) {
      gathered[into + k] = (gathered[into + k] as number) + (sums[from + k] as number);
    }
  }
  return gathered.filter((_, i) => (gathered[i - (i % SUMS)] as number) > 0);
}

/**
 * Up to six clusters of the masked cells' colours, largest first: k-means over histogram bins
 * instead of over cells, so that its cost does not grow with the garment. No masked cell, none.
 */
export function clusterColours(grid: Grid, bins: Uint16Array, mask: Uint8Array): Cluster[] {
  const sums = sumBins(grid, bins, mask);
  const places = toPlaces(sums);
  const owners = new Uint8Array(sums.length / SUMS).fill(MOST);
  let centres = seed(sums, places);
  let gathered = new Float64Array();
  for (let round = 0; round < ROUNDS; round++) {
    const count = centres.length / 3;
    // Whose bins all stay would stay for good.
    if (!assign(places, centres, owners)) break;
    gathered = gather(sums, owners, count);
    centres = toPlaces(gathered);
    if (centres.length / 3 < count) owners.fill(MOST); // centres have other numbers now
  }
  const clusters: Cluster[] = [];
  for (let at = 0; at < gathered.length; at += SUMS) {
    clusters.push(toCluster(gathered.subarray(at, at + SUMS)));
  }
  return clusters.sort((a, b) => b.count - a.count);
}
