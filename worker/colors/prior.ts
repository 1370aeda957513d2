import { GRID } from "./grid.ts";
import type { Outline, Point } from "./outline.ts";

/** The prior is smooth: one value for 2 x 2 cells of the grid. */
export const PRIOR_GRID = GRID / 2;

const BODY = 0.93;
const LIMB = 0.75;
const NEAR = 0.4;
const OUTSIDE = 0.03;
/** How far beyond the outline the garment may still reach, in body widths. */
const MARGIN = 0.16;

/** A stretch from one point, with what is the same for every place. */
interface Segment {
  x: number;
  y: number;
  dx: number;
  dy: number;
  endY: number;
  /** dx / dy. */
  slope: number;
  /** One over the squared length, 0 for a point: places are many, and divisions slow. */
  inverse: number;
}

function segment(a: Point, b: Point): Segment {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const squared = dx * dx + dy * dy;
  const inverse = squared > 0 ? 1 / squared : 0;
  return { x: a.x, y: a.y, dx, dy, endY: b.y, slope: dx / dy, inverse };
}

/** Squared distance from (x, y) to the segment: a root is drawn of the least one only. */
function toSegment(x: number, y: number, { x: ax, y: ay, dx, dy, inverse }: Segment): number {
  const t = ((x - ax) * dx + (y - ay) * dy) * inverse;
  const along = Math.min(1, Math.max(0, t));
  const ex = x - ax - along * dx;
  const ey = y - ay - along * dy;
  return ex * ex + ey * ey;
}

const edgesOf = (corners: readonly Point[]): Segment[] =>
  corners.map((b, i) => segment(corners.at(i - 1) as Point, b));

/** By the even-odd rule. */
function isInside(x: number, y: number, edges: readonly Segment[]): boolean {
  let inside = false;
  for (const { x: ax, y: ay, endY, slope } of edges) {
    if (ay > y !== endY > y && x < ax + (y - ay) * slope) inside = !inside;
  }
  return inside;
}

/** An outline as what is asked of it at every place. */
interface Shape {
  quads: Segment[][];
  limbs: (Segment & { radius: number })[];
  /** How far beyond it the garment may still reach. */
  margin: number;
  /** Nothing reaches out of this box. */
  box: { left: number; right: number; top: number; bottom: number };
}

function shapeOf({ quads, capsules, scale }: Outline): Shape {
  const margin = MARGIN * scale;
  const limbs = capsules.map(({ from, to, radius }) => ({ ...segment(from, to), radius }));
  const widest = capsules.reduce((most, { radius }) => Math.max(most, radius), 0);
  const points = [...quads.flat(), ...capsules.flatMap(({ from, to }) => [from, to])];
  const box = { left: 2, right: -2, top: 2, bottom: -2 };
  for (const { x, y } of points) {
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y);
  }
  // A hair more than is needed: what is rounded must not matter.
  const reach = widest + margin + 1e-6;
  box.left -= reach;
  box.right += reach;
  box.top -= reach;
  box.bottom += reach;
  return { quads: quads.map(edgesOf), limbs, margin, box };
}

function likelihood(x: number, y: number, { quads, limbs, margin, box }: Shape): number {
  if (x < box.left || x > box.right || y < box.top || y > box.bottom) return OUTSIDE;
  for (const edges of quads) if (isInside(x, y, edges)) return BODY;
  let body = Number.POSITIVE_INFINITY;
  for (const edges of quads) {
    for (const edge of edges) body = Math.min(body, toSegment(x, y, edge));
  }
  if (body === 0) return BODY;
  let away = Math.sqrt(body);
  for (const limb of limbs) {
    const distance = Math.sqrt(toSegment(x, y, limb)) - limb.radius;
    if (distance <= 0) return LIMB;
    away = Math.min(away, distance);
  }
  return OUTSIDE + (NEAR - OUTSIDE) * (1 - Math.min(1, away / margin));
}

/** Without an outline the middle of the picture is the better guess. */
function middle(x: number, y: number): number {
  const r = Math.hypot(x - 0.5, y - 0.5) / 0.5;
  return r < 1 ? OUTSIDE + (0.85 - OUTSIDE) * (1 - r * r) : OUTSIDE;
}

/**
 * How likely each place belongs to the garment before its colour is seen: [PRIOR_GRID^2], 0..1.
 */
export function garmentPrior(outline: Outline | undefined): Float32Array {
  const prior = new Float32Array(PRIOR_GRID * PRIOR_GRID);
  const shape = outline && shapeOf(outline);
  for (let row = 0, at = 0; row < PRIOR_GRID; row++) {
    const y = (row + 0.5) / PRIOR_GRID;
    for (let column = 0; column < PRIOR_GRID; column++, at++) {
      const x = (column + 0.5) / PRIOR_GRID;
      prior[at] = shape ? likelihood(x, y, shape) : middle(x, y);
    }
  }
  return prior;
}
