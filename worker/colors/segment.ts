import { CELLS, GRID } from "./grid.ts";
import { PRIOR_GRID } from "./prior.ts";

/**
 * Garment against background by two colour histograms, re-estimated from their own answer: the
 * colour models of GrabCut (Rother et al. 2004) without its graph cut, which costs too much here.
 */

const L_BINS = 16; // 100 / 16 = 6.25 a step: dark garments on dark grounds need fine lightness
const AB_BINS = 12;
const AB_STEP = 8;
export const BINS = L_BINS * AB_BINS * AB_BINS;
const ROUNDS = 2;
/** Pixels of "any colour" in each histogram: a colour seen twice proves little. */
const PSEUDO_COUNT = 8;

const abBin = (v: number): number => {
  const bin = (v / AB_STEP + AB_BINS / 2) | 0;
  return bin < 0 ? 0 : bin >= AB_BINS ? AB_BINS - 1 : bin;
};

/** Each cell's bin in a coarse CIELAB histogram: [CELLS], below BINS. */
export function colourBins(lab: Float32Array): Uint16Array {
  const bins = new Uint16Array(CELLS);
  for (let i = 0, at = 0; i < CELLS; i++, at += 3) {
    const l = Math.min(L_BINS - 1, ((lab[at] as number) * L_BINS) / 100) | 0;
    bins[i] = (l * AB_BINS + abBin(lab[at + 1] as number)) * AB_BINS + abBin(lab[at + 2] as number);
  }
  return bins;
}

/** The part of the histogram that the picture fills, and a step around it; bounds included. */
interface Box {
  l: [low: number, high: number];
  a: [low: number, high: number];
  b: [low: number, high: number];
}

/** The bins in use, each once, and the box around them. */
function inUse(bins: Uint16Array): { used: Uint16Array; box: Box } {
  const seen = new Uint8Array(BINS);
  const used = new Uint16Array(BINS);
  let count = 0;
  for (let i = 0; i < CELLS; i++) {
    const bin = bins[i] as number;
    if (seen[bin] === 1) continue;
    seen[bin] = 1;
    used[count++] = bin;
  }
  const box: Box = { l: [L_BINS, 0], a: [AB_BINS, 0], b: [AB_BINS, 0] };
  const widen = (range: [number, number], at: number, length: number): void => {
    range[0] = Math.max(0, Math.min(range[0], at - 1));
    range[1] = Math.min(length - 1, Math.max(range[1], at + 1));
  };
  for (let i = 0; i < count; i++) {
    const bin = used[i] as number;
    widen(box.b, bin % AB_BINS, AB_BINS);
    widen(box.a, Math.floor(bin / AB_BINS) % AB_BINS, AB_BINS);
    widen(box.l, Math.floor(bin / (AB_BINS * AB_BINS)), L_BINS);
  }
  return { used: used.subarray(0, count), box };
}

/** [1 2 1]/4 along one line; what would leave the histogram stays in its edge bin. */
function smoothLine(histogram: Float32Array, first: number, last: number, stride: number): void {
  let before = histogram[first] as number;
  for (let at = first; at <= last; at += stride) {
    const here = histogram[at] as number;
    const after = at < last ? (histogram[at + stride] as number) : here;
    histogram[at] = (before + 2 * here + after) / 4;
    before = here;
  }
}

/** Along all three axes, within the box: beyond it all is empty, and stays so. */
function smooth(histogram: Float32Array, { l, a, b }: Box): void {
  const bin = (at: number, of: number, last: number): number =>
    (at * AB_BINS + of) * AB_BINS + last;
  for (let i = l[0]; i <= l[1]; i++) {
    for (let j = a[0]; j <= a[1]; j++) smoothLine(histogram, bin(i, j, b[0]), bin(i, j, b[1]), 1);
  }
  for (let i = l[0]; i <= l[1]; i++) {
    for (let k = b[0]; k <= b[1]; k++) {
      smoothLine(histogram, bin(i, a[0], k), bin(i, a[1], k), AB_BINS);
    }
  }
  for (let j = a[0]; j <= a[1]; j++) {
    for (let k = b[0]; k <= b[1]; k++) {
      smoothLine(histogram, bin(l[0], j, k), bin(l[1], j, k), AB_BINS * AB_BINS);
    }
  }
}

/** How likely each cell shows the garment: [CELLS], 0..1; `bins` from `colourBins`. */
export function segmentGarment(bins: Uint16Array, prior: Float32Array): Float32Array {
  const belongs = new Float32Array(CELLS);
  const spread = new Float32Array(CELLS);
  for (let i = 0; i < CELLS; i++) {
    const row = (i / GRID) | 0;
    spread[i] = prior[(row >> 1) * PRIOR_GRID + ((i - row * GRID) >> 1)] as number;
  }
  belongs.set(spread);
  const { used, box } = inUse(bins);
  const garment = new Float32Array(BINS);
  const ground = new Float32Array(BINS);
  const odds = new Float32Array(BINS);
  for (let round = 0; round < ROUNDS; round++) {
    garment.fill(0);
    ground.fill(0);
    let total = 0;
    for (let i = 0; i < CELLS; i++) {
      const p = belongs[i] as number;
      const bin = bins[i] as number;
      garment[bin] = (garment[bin] as number) + p;
      ground[bin] = (ground[bin] as number) + 1 - p;
      total += p;
    }
    smooth(garment, box);
    smooth(ground, box);
    for (let i = 0; i < used.length; i++) {
      const bin = used[i] as number;
      const both = (garment[bin] as number) + (ground[bin] as number);
      const any = (PSEUDO_COUNT * both) / CELLS;
      const forGarment = ((garment[bin] as number) + any) / (total + PSEUDO_COUNT);
      const forGround = ((ground[bin] as number) + any) / (CELLS - total + PSEUDO_COUNT);
      odds[bin] = forGarment / forGround;
    }
    for (let i = 0; i < CELLS; i++) {
      const p = spread[i] as number;
      const weight = p * (odds[bins[i] as number] as number);
      belongs[i] = weight / (weight + 1 - p);
    }
  }
  return belongs;
}
