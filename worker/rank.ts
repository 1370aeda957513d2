import type { Scored } from "./schemas/tags.ts";

/** Callers may ask for so many labels of each kind. */
export const MAX_TOP = 20;

/** At most three decimals: more would say nothing and cost bytes. */
export const rounded = (value: number): number => Math.round(value * 1000) / 1000;

/** Labels with their rounded scores, best first; equal ones in the order of the labels. */
export function rank(
  labels: readonly string[],
  scores: Float32Array | readonly number[],
): Scored[] {
  return [...scores.entries()]
    .sort(([, a], [, b]) => b - a)
    .map(([i, score]) => [labels[i] as string, rounded(score)]);
}
