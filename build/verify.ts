/** What the artefact must prove before it replaces the one in place. */
import { type Thresholds, unpack } from "../model/artefact.ts";
import { GROUPS, type Group } from "../model/labels.ts";
import { type Answers, run } from "../model/tagger.ts";
import { type FloatLayer, Weights } from "../model/weights.ts";
import { BuildError } from "./errors.ts";
import type { Evaluation } from "./evaluation.ts";
import type { Golden, Inputs } from "./golden.ts";
import type { Artefact } from "./pack.ts";
import { microF1, sameTop1 } from "./score.ts";

/** Largest difference of any logit or coordinate between PyTorch and tfjs, both float32. */
export const FLOAT_LIMIT = 1e-3;
/** Least share of pictures with the same first category after quantisation. */
export const TOP1_LIMIT = 0.99;
/** Largest loss or gain of micro-F1, in any group, by quantisation. */
export const F1_LIMIT = 0.01;

/** The folded float network answers as PyTorch does. Returns the largest difference. */
export function verifyFloat(layers: readonly FloatLayer[], golden: Golden): number {
  const answers = answersOf(layers, golden.inputs);
  const largest = largestDifference(answers, golden.answers);
  // Not `>`: a NaN must fail.
  if (!(largest <= FLOAT_LIMIT)) {
    throw new BuildError(
      "float_differs",
      `tfjs and PyTorch differ by ${largest.toExponential(1)}, at most ${FLOAT_LIMIT} is allowed`,
    );
  }
  return largest;
}

/** Largest difference that quantisation makes on the golden pictures; no limit, to be printed. */
export function quantisationDifference(artefact: Artefact, golden: Golden): number {
  const answers = answersOf(unpack(artefact.manifest, artefact.weights), golden.inputs);
  return largestDifference(answers, golden.answers);
}

export interface QuantisedReport {
  pictures: number;
  sameTop1: number;
  /** Micro-F1 of the float network and of the packed one, per group and over all. */
  f1: Record<Group | "all", readonly [float: number, quantised: number]>;
}

/** The packed network tags the validation pictures as PyTorch's float32 network does. */
export function verifyQuantised(artefact: Artefact, evaluation: Evaluation): QuantisedReport {
  const { manifest, weights } = artefact;
  const answers = answersOf(unpack(manifest, weights), evaluation.inputs);
  const report = {
    pictures: answers.length,
    sameTop1: sameTop1(answers, evaluation.answers),
    f1: compareF1(answers, manifest.thresholds, evaluation),
  };
  const failures = [
    ...(report.sameTop1 >= TOP1_LIMIT ? [] : [`same top-1 on ${report.sameTop1}`]),
    ...Object.entries(report.f1)
      .filter(([, [float, quantised]]) => !(Math.abs(float - quantised) <= F1_LIMIT))
      .map(([group, [float, quantised]]) => `${group} F1 ${float} -> ${quantised}`),
  ];
  if (failures.length > 0) throw new BuildError("quantised_differs", failures.join("; "));
  return report;
}

function compareF1(
  answers: readonly Answers[],
  thresholds: Thresholds,
  evaluation: Evaluation,
): QuantisedReport["f1"] {
  const float = microF1(evaluation.answers, thresholds, evaluation);
  const quantised = microF1(answers, thresholds, evaluation);
  const pairs = [...GROUPS, "all" as const].map((group) => [
    group,
    [float[group], quantised[group]],
  ]);
  return Object.fromEntries(pairs);
}

function answersOf(layers: Iterable<FloatLayer>, inputs: Inputs): Answers[] {
  const weights = new Weights(layers);
  try {
    return inputs.map((input) => run(weights, input));
  } finally {
    weights.dispose();
  }
}

function largestDifference(a: readonly Answers[], b: readonly Answers[]): number {
  let largest = 0;
  for (const [i, answers] of a.entries()) {
    const [x, y] = [flat(answers), flat(b[i] as Answers)];
    if (x.length !== y.length) return Number.POSITIVE_INFINITY;
    for (const [k, value] of x.entries()) {
      const difference = Math.abs(value - (y[k] as number));
      if (Number.isNaN(difference)) return Number.NaN;
      largest = Math.max(largest, difference);
    }
  }
  return largest;
}

const flat = ({ category, attributes, landmarks, presence }: Answers): number[] =>
  [category, ...GROUPS.map((group) => attributes[group]), landmarks, presence].flatMap((values) => [
    ...values,
  ]);
