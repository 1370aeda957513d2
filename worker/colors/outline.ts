/** A rough outline of the garment from its landmarks: quads for the body, capsules for limbs. */

export interface Point {
  readonly x: number;
  readonly y: number;
}
export interface Capsule {
  readonly from: Point;
  readonly to: Point;
  readonly radius: number;
}
export interface Outline {
  readonly quads: readonly (readonly Point[])[]; // corners in order around
  readonly capsules: readonly Capsule[];
  readonly scale: number; // the body's width, in fractions of the picture
  readonly centre: Point;
}
type Pair = readonly [left: Point, right: Point];

const WITH_LEGS = new Set(["jeans", "trousers", "joggers", "leggings", "jumpsuit"]);
/** How wide a body is at collar, waistline and hem, against each other: completes a half pair. */
const WIDTHS = [1, 2, 2] as const;
const MIN_SCALE = 0.12;

const mix = (a: Point, b: Point, t: number): Point => ({
  x: a.x + (b.x - a.x) * t,
  y: a.y + (b.y - a.y) * t,
});
const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

function readPoints(landmarks: Float32Array, presence: Float32Array): (Point | undefined)[] {
  return Array.from({ length: 8 }, (_, i) => {
    const x = landmarks[2 * i] ?? Number.NaN;
    const y = landmarks[2 * i + 1] ?? Number.NaN;
    if (!((presence[i] ?? 0) >= 0.5 && Number.isFinite(x) && Number.isFinite(y))) return undefined;
    return { x: Math.min(1.2, Math.max(-0.2, x)), y: Math.min(1.2, Math.max(-0.2, y)) };
  });
}

/** Collar, waistline and hem as pairs from top to bottom; half a pair borrows its other end. */
function bodyPairs(points: readonly (Point | undefined)[]): Pair[] {
  const found = [0, 4, 6].map((i) => [points[i], points[i + 1]] as const);
  const whole = found.findIndex(([left, right]) => left && right);
  const [a, b] = found[whole] ?? [];
  return found.flatMap(([left, right], i): Pair[] => {
    if (left && right) return [[left, right]];
    if (!a || !b || !(left || right)) return [];
    const stretch = (WIDTHS[i] as number) / (WIDTHS[whole] as number);
    const dx = (b.x - a.x) * stretch;
    const dy = (b.y - a.y) * stretch;
    if (left) return [[left, { x: left.x + dx, y: left.y + dy }]];
    return right ? [[{ x: right.x - dx, y: right.y - dy }, right]] : [];
  });
}

/** A bodysuit's hem landmarks are the crotch's corners, far inside its hips. */
function widenCrotch(points: (Point | undefined)[]): void {
  const [left, right, collarLeft, collarRight] = [points[6], points[7], points[0], points[1]];
  if (!left || !right || !collarLeft || !collarRight) return;
  const middle = mix(left, right, 0.5);
  const dx = collarRight.x - collarLeft.x;
  const dy = collarRight.y - collarLeft.y;
  points[6] = { x: middle.x - dx, y: middle.y - dy };
  points[7] = { x: middle.x + dx, y: middle.y + dy };
}

/**
 * The outline, or undefined where the landmarks give none (fewer than two body pairs).
 * @param landmarks 16 numbers, x then y in fractions of the picture: left/right collar, sleeve,
 *   waistline, hem
 * @param presence 8 numbers 0..1; below 0.5 a landmark is left out, as is one that is not finite
 */
export function outlineGarment(
  landmarks: Float32Array,
  presence: Float32Array,
  category: string,
): Outline | undefined {
  const points = readPoints(landmarks, presence);
  if (category === "bodysuit") widenCrotch(points);
  const pairs = bodyPairs(points);
  const top = pairs[0];
  const bottom = pairs.at(-1);
  if (pairs.length < 2 || !top || !bottom) return undefined;
  const scale = Math.max(MIN_SCALE, ...pairs.map(([left, right]) => distance(left, right)));

  const quads: Point[][] = [];
  const capsules: Capsule[] = [];
  pairs.slice(1).forEach(([left, right], i) => {
    const [upperLeft, upperRight] = pairs[i] as Pair;
    const isLegs = i === pairs.length - 2 && WITH_LEGS.has(category);
    if (!isLegs) {
      quads.push([upperLeft, upperRight, right, left]);
      return;
    }
    // The hem landmarks are the outer corners: the middle of a leg lies a leg's half width inside.
    const leg = 0.2 * Math.max(MIN_SCALE, distance(upperLeft, upperRight));
    const inward = Math.min(0.45, leg / Math.max(distance(left, right), MIN_SCALE));
    const hip = mix(upperLeft, upperRight, 0.25);
    const otherHip = mix(upperLeft, upperRight, 0.75);
    capsules.push({ from: hip, to: mix(left, right, inward), radius: leg });
    capsules.push({ from: otherHip, to: mix(right, left, inward), radius: leg });
  });

  for (const side of [0, 1] as const) {
    const shoulder = points[side];
    const cuff = points[2 + side];
    if (shoulder && cuff) capsules.push({ from: shoulder, to: cuff, radius: 0.11 * scale });
  }
  const centre = mix(mix(top[0], top[1], 0.5), mix(bottom[0], bottom[1], 0.5), 0.5);
  return { quads, capsules, scale, centre };
}
