/** A label and its score, 0..1. */
export type Scored = [label: string, score: number];

/** Callers may ask for so many labels of each kind. */
export const MAX_TOP = 20;

/** At most three decimals: more would say nothing and cost bytes. */
export const rounded = (value: number): number => Math.round(value * 1000) / 1000;

/**
 * Labels with their rounded scores, best first; equal ones in the order of the labels.
 * `keep` sees the score before rounding.
 */
export function rank(
  labels: readonly string[],
  scores: Float32Array,
  keep: (score: number, index: number) => boolean = () => true,
): Scored[] {
  return [...scores.entries()]
    .filter(([i, score]) => keep(score, i))
    .sort(([, a], [, b]) => b - a)
    .map(([i, score]) => [labels[i] as string, rounded(score)]);
}
