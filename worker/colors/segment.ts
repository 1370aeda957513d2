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

/** [1 2 1]/4 along one axis; what would leave the histogram stays in its edge bin. */
function smoothAxis(histogram: Float32Array, stride: number, length: number): void {
  for (let block = 0; block < BINS; block += stride * length) {
    for (let first = block; first < block + stride; first++) {
      const end = first + stride * (length - 1);
      let before = histogram[first] as number;
      for (let at = first; at <= end; at += stride) {
        const here = histogram[at] as number;
        const after = at < end ? (histogram[at + stride] as number) : here;
        histogram[at] = (before + 2 * here + after) / 4;
        before = here;
      }
    }
  }
}

function smooth(histogram: Float32Array): void {
  smoothAxis(histogram, 1, AB_BINS);
  smoothAxis(histogram, AB_BINS, AB_BINS);
  smoothAxis(histogram, AB_BINS * AB_BINS, L_BINS);
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
    smooth(garment);
    smooth(ground);
    for (let bin = 0; bin < BINS; bin++) {
      const both = (garment[bin] as number) + (ground[bin] as number);
      if (both === 0) continue;
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
