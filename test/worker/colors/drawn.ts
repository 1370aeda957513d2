/** Drawn garments: flat shapes with a little noise, and the landmarks that belong to them. */
export type Rgb = readonly [number, number, number];
type Paint = (x: number, y: number) => Rgb;

export const SIZE = 160;
export const WOOD: Rgb = [176, 132, 90];

/** A generator of 0..1 from a seed (a linear congruence, Numerical Recipes): the same each run. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export function paint(colour: Paint): Uint8Array {
  const random = noise(1);
  const picture = new Uint8Array(SIZE * SIZE * 3);
  for (let y = 0, at = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      for (const channel of colour((x + 0.5) / SIZE, (y + 0.5) / SIZE)) {
        picture[at++] = Math.min(255, Math.max(0, channel + (random() - 0.5) * 8));
      }
    }
  }
  return picture;
}

/** A tee's body and sleeves, about a third of the picture. */
export const isTee = (x: number, y: number): boolean =>
  (x > 0.3 && x < 0.7 && y > 0.2 && y < 0.85) ||
  (y > 0.2 && y < 0.45 && x > 0.15 && x < 0.85 && Math.abs(x - 0.5) < 0.2 + (y - 0.1));

export const tee = (cloth: Rgb | Paint, ground: Rgb = WOOD): Uint8Array =>
  paint((x, y) => (isTee(x, y) ? (typeof cloth === "function" ? cloth(x, y) : cloth) : ground));

export const TEE = {
  landmarks: Float32Array.of(
    ...[0.4, 0.2, 0.6, 0.2, 0.18, 0.42, 0.82, 0.42],
    ...[0, 0, 0, 0, 0.3, 0.85, 0.7, 0.85],
  ),
  presence: Float32Array.of(1, 1, 1, 1, 0, 0, 1, 1),
};
