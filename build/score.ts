import type { Manifest } from "../model/artefact.ts";
import { GROUPS, type Group } from "../model/labels.ts";
import type { Answers } from "../model/tagger.ts";
import type { Evaluation } from "./evaluation.ts";

/** Index of the largest value; the first of equals. */
export function argmax(values: Float32Array): number {
  return values.indexOf(values.reduce((a, b) => Math.max(a, b)));
}

/** Share of pictures, 0..1, on which both name the same category first. */
export function sameTop1(a: readonly Answers[], b: readonly Answers[]): number {
  const same = a.filter(
    ({ category }, i) => argmax(category) === argmax((b[i] as Answers).category),
  );
  return same.length / a.length;
}

/** Share of pictures, 0..1, whose labelled category comes first. */
export function topOne(answers: readonly Answers[], { categories }: Evaluation): number {
  const right = answers.filter(({ category }, i) => argmax(category) === categories[i]);
  return right.length / answers.length;
}

/** Micro-F1, 0..1, at the thresholds: per group and over all groups, labelled pictures only. */
export function microF1(
  answers: readonly Answers[],
  { thresholds, temperatures }: Pick<Manifest, "thresholds" | "temperatures">,
  evaluation: Evaluation,
): Record<Group | "all", number> {
  const all = new Counts();
  const scores = GROUPS.map((group) => {
    const counts = new Counts();
    for (const [i, { attributes }] of answers.entries()) {
      if (evaluation.attributesKnown[i] === 0) continue;
      const logits = attributes[group];
      for (const [label, logit] of logits.entries()) {
        const score = 1 / (1 + Math.exp(-logit / temperatures[group]));
        const said = score >= (thresholds.attributes[group][label] as number);
        const is = evaluation.targets[group][i * logits.length + label] === 1;
        counts.add(said, is);
        all.add(said, is);
      }
    }
    return [group, counts.f1] as const;
  });
  return { ...(Object.fromEntries(scores) as Record<Group, number>), all: all.f1 };
}

class Counts {
  #hits = 0;
  #wrong = 0;

  add(said: boolean, is: boolean): void {
    if (said && is) this.#hits++;
    else if (said !== is) this.#wrong++;
  }

  /** 2 TP / (2 TP + FP + FN); 1 where there was nothing to find and nothing was said. */
  get f1(): number {
    const total = 2 * this.#hits + this.#wrong;
    return total === 0 ? 1 : (2 * this.#hits) / total;
  }
}
