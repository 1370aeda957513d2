/** What the artefact must prove before it replaces the one in place. */
import type { Manifest } from "../model/artefact.ts";
import { trunkBinding } from "../model/artefact.ts";
import { type Engine, float32Engine } from "../model/engine.ts";
import { Kernels } from "../model/kernels/bind.ts";
import { POOLED, S8, S16, SQUARE } from "../model/kernels/program.ts";
import { dequantise } from "../model/kernels/scalar/floats.ts";
import { GROUPS, type Group } from "../model/labels.ts";
import { loadEngine } from "../model/load.ts";
import { type Answers, run } from "../model/tagger.ts";
import { trunk } from "../model/trunk.ts";
import { type FloatLayer, Weights } from "../model/weights.ts";
import { BuildError } from "./errors.ts";
import type { Evaluation } from "./evaluation.ts";
import type { Golden, Inputs, IntegerMaps } from "./golden.ts";
import { kernelsModule } from "./kernels.ts";
import type { Artefact } from "./pack.ts";
import { microF1, sameTop1, topOne } from "./score.ts";

/** Largest difference of any logit or coordinate between PyTorch and tfjs, both float32. */
export const FLOAT_LIMIT = 1e-3;
/** Least share of pictures with the same first category in int8: below it something is broken. */
export const TOP1_LIMIT = 0.95;
/** Largest loss by quantisation of category top-1, or of micro-F1 in any group. */
export const LOSS_LIMIT = 0.01;

/** The folded float network answers as PyTorch does. Returns the largest difference. */
export function verifyFloat(layers: readonly FloatLayer[], golden: Golden): number {
  const answers = answersOf(float32Engine(new Weights(layers)), golden.inputs);
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

/** The kernels give what PyTorch's integer trunk gives, bit by bit. */
export function verifyInteger({ manifest, weights }: Artefact, golden: Golden): void {
  const kernels = new Kernels(kernelsModule(), trunkBinding(manifest, weights));
  const { s8, s16 } = trunk.taps;
  for (const [i, square] of golden.inputs.entries()) {
    const wanted = golden.integer[i] as IntegerMaps;
    kernels.bytes(SQUARE).set(square);
    kernels.run();
    const real = (bytes: Uint8Array, name: string): Float32Array =>
      Float32Array.from(bytes, (q) => dequantise(q, kernels.quantisation(name)));
    for (const [name, expected] of [
      [S8, real(wanted.s8, s8.name)],
      [S16, real(wanted.s16, s16.name)],
      [POOLED, wanted.pooled],
    ] as const) {
      const found = kernels.floats(name);
      const at = found.findIndex((value, k) => value !== expected[k]);
      if (found.length === expected.length && at < 0) continue;
      throw new BuildError(
        "integer_differs",
        `picture ${i}: int8.${name}[${at}] is ${found[at]}, PyTorch has ${expected[at]}`,
      );
    }
  }
}

/** Largest difference that quantisation makes on the golden pictures; no limit, to be printed. */
export function quantisationDifference(artefact: Artefact, golden: Golden): number {
  return largestDifference(answersOf(int8(artefact), golden.inputs), golden.answers);
}

export interface QuantisedReport {
  pictures: number;
  sameTop1: number;
  /** Of PyTorch's float network and of the int8 engine: category top-1, micro-F1 of the groups. */
  scores: Record<Group | "all" | "category", readonly [float: number, quantised: number]>;
}

/** The int8 engine tags the validation pictures nearly as well as PyTorch's float32 network. */
export function verifyQuantised(artefact: Artefact, evaluation: Evaluation): QuantisedReport {
  const answers = answersOf(int8(artefact), evaluation.inputs);
  const report = {
    pictures: answers.length,
    sameTop1: sameTop1(answers, evaluation.answers),
    scores: compare(answers, artefact.manifest, evaluation),
  };
  const failures = [
    ...(report.sameTop1 >= TOP1_LIMIT ? [] : [`same top-1 on ${report.sameTop1}`]),
    ...Object.entries(report.scores)
      .filter(([, [float, quantised]]) => !(float - quantised <= LOSS_LIMIT))
      .map(([group, [float, quantised]]) => `${group} ${float} -> ${quantised}`),
  ];
  if (failures.length > 0) throw new BuildError("quantised_differs", failures.join("; "));
  return report;
}

function compare(
  answers: readonly Answers[],
  manifest: Manifest,
  evaluation: Evaluation,
): QuantisedReport["scores"] {
  const float = microF1(evaluation.answers, manifest, evaluation);
  const quantised = microF1(answers, manifest, evaluation);
  const category = [topOne(evaluation.answers, evaluation), topOne(answers, evaluation)];
  const pairs = [...GROUPS, "all" as const].map((group) => [
    group,
    [float[group], quantised[group]],
  ]);
  return Object.fromEntries([["category", category], ...pairs]);
}

const int8 = ({ manifest, weights }: Artefact): Engine =>
  loadEngine({ manifest, weights, kernels: kernelsModule() });

/** The engine is disposed of. */
function answersOf(engine: Engine, inputs: Inputs): Answers[] {
  try {
    return inputs.map((input) => run(engine, input));
  } finally {
    engine.dispose();
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
