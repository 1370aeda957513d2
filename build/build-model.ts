import { layersOf } from "../model/architecture.ts";
import { labels } from "../model/labels.ts";
import type { FloatLayer } from "../model/weights.ts";
import { startNode } from "../worker/hosts/node/start-backend.ts";
import { correctBias } from "./correct-bias.ts";
import { type Evaluation, readEvaluation } from "./evaluation.ts";
import { expectedInputs } from "./expected-inputs.ts";
import { fold } from "./fold.ts";
import { readGolden } from "./golden.ts";
import { importCheckpoint } from "./import.ts";
import { pack } from "./pack.ts";
import { quantise } from "./quantise.ts";
import {
  type QuantisedReport,
  quantisationDifference,
  verifyFloat,
  verifyQuantised,
} from "./verify.ts";
import { writeArtefact } from "./write.ts";

export interface Paths {
  checkpoint: string;
  golden: string;
  /** null: the comparison on photographs is left out. */
  evaluation: string | null;
  /** Folder of the artefact. */
  out: string;
}

export interface Report {
  model: string;
  layers: number;
  bytes: number;
  sha256: string;
  /** Largest difference from PyTorch on the golden pictures. */
  difference: { float: number; quantised: number };
  /** null where no photographs were there. */
  photographs: QuantisedReport | null;
}

/** Checkpoint -> artefact. Throws `BuildError` and leaves the artefact in place as it was. */
export function buildModel(paths: Paths): Report {
  const { metadata, parameters } = importCheckpoint(paths.checkpoint);
  const golden = readGolden(paths.golden, metadata.tensorsSha256);
  const evaluation = readOptional(paths.evaluation, metadata.tensorsSha256);
  const layers = layersOf(labels);
  const folded = layers.map((layer) => fold(layer, parameters));
  const means = expectedInputs(parameters);
  const quantised = layers.map((layer, i) => {
    const float = folded[i] as FloatLayer;
    return correctBias(layer, float, quantise(float), means.get(layer.name));
  });
  const artefact = pack(metadata, quantised);

  startNode();
  const difference = {
    float: verifyFloat(folded, golden),
    quantised: quantisationDifference(artefact, golden),
  };
  const photographs = evaluation && verifyQuantised(artefact, evaluation);

  writeArtefact(paths.out, artefact);
  return {
    model: artefact.manifest.model,
    layers: folded.length,
    ...artefact.manifest.weights,
    difference,
    photographs,
  };
}

function readOptional(path: string | null, tensorsSha256: string): Evaluation | null {
  return path === null ? null : readEvaluation(path, tensorsSha256);
}
