import { GRID } from "./grid.ts";
import type { Capsule, Outline, Point } from "./outline.ts";

/** The prior is smooth: one value for 2 x 2 cells of the grid. */
export const PRIOR_GRID = GRID / 2;

const BODY = 0.93;
const LIMB = 0.75;
const NEAR = 0.4;
const OUTSIDE = 0.03;
/** How far beyond the outline the garment may still reach, in body widths. */
const MARGIN = 0.16;

/** Distance from (x, y) to the segment a-b. */
function toSegment(x: number, y: number, a: Point, b: Point): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const length = dx * dx + dy * dy;
  const t = length > 0 ? ((x - a.x) * dx + (y - a.y) * dy) / length : 0;
  const along = Math.min(1, Math.max(0, t));
  const ex = x - a.x - along * dx;
  const ey = y - a.y - along * dy;
  return Math.sqrt(ex * ex + ey * ey);
}

/** 0 inside (even-odd rule), else the distance to the nearest edge. */
function toQuad(x: number, y: number, corners: readonly Point[]): number {
  let inside = false;
  let nearest = Number.POSITIVE_INFINITY;
  let a = corners[corners.length - 1] as Point;
  for (const b of corners) {
    if (a.y > y !== b.y > y && x < a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x)) inside = !inside;
    nearest = Math.min(nearest, toSegment(x, y, a, b));
    a = b;
  }
  return inside ? 0 : nearest;
}

const toCapsule = (x: number, y: number, capsule: Capsule): number =>
  Math.max(0, toSegment(x, y, capsule.from, capsule.to) - capsule.radius);

/**
 * How likely each place belongs to the garment before its colour is seen: [PRIOR_GRID^2], 0..1.
 * Without an outline the middle of the picture is the better guess.
 */
export function garmentPrior(outline: Outline | undefined): Float32Array {
  const prior = new Float32Array(PRIOR_GRID * PRIOR_GRID);
  for (let row = 0, at = 0; row < PRIOR_GRID; row++) {
    const y = (row + 0.5) / PRIOR_GRID;
    for (let column = 0; column < PRIOR_GRID; column++, at++) {
      const x = (column + 0.5) / PRIOR_GRID;
      if (!outline) {
        const r = Math.hypot(x - 0.5, y - 0.5) / 0.5;
        prior[at] = r < 1 ? OUTSIDE + (0.85 - OUTSIDE) * (1 - r * r) : OUTSIDE;
        continue;
      }
      let body = Number.POSITIVE_INFINITY;
      for (const quad of outline.quads) body = Math.min(body, toQuad(x, y, quad));
      if (body === 0) {
        prior[at] = BODY;
        continue;
      }
      let limb = Number.POSITIVE_INFINITY;
      for (const capsule of outline.capsules) limb = Math.min(limb, toCapsule(x, y, capsule));
      const fall = Math.min(1, Math.min(body, limb) / (MARGIN * outline.scale));
      prior[at] = limb === 0 ? LIMB : OUTSIDE + (NEAR - OUTSIDE) * (1 - fall);
    }
  }
  return prior;
}
