import { restLayers, trunkLayers } from "../model/architecture.ts";
import type { Arena } from "../model/kernels/arena.ts";
import { mapBytes } from "../model/kernels/map.ts";
import { trunkProgram } from "../model/kernels/program.ts";
import { labels } from "../model/labels.ts";
import { preprocess } from "../model/preprocess.ts";
import { trunk } from "../model/trunk.ts";
import { startNode } from "../worker/hosts/node/start-backend.ts";
import { type Evaluation, readEvaluation } from "./evaluation.ts";
import { fold } from "./fold.ts";
import { readGolden } from "./golden.ts";
import { importCheckpoint } from "./import.ts";
import { integerTrunk } from "./integer-trunk.ts";
import { pack } from "./pack.ts";
import { quantise } from "./quantise.ts";
import {
  type QuantisedReport,
  quantisationDifference,
  verifyFloat,
  verifyInteger,
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
  /** The activations' memory: what is planned, and what all of them would take side by side. */
  arena: { planned: number; separate: number };
  /** Largest difference from PyTorch on the golden pictures; of the integer trunk there is none. */
  difference: { float: number; quantised: number };
  /** null where no photographs were there. */
  photographs: QuantisedReport | null;
}

/** Checkpoint -> artefact. Throws `BuildError` and leaves the artefact in place as it was. */
export function buildModel(paths: Paths): Report {
  const { metadata, parameters, ranges } = importCheckpoint(paths.checkpoint);
  const foldedTrunk = trunkLayers.map((layer) => fold(layer, parameters));
  const foldedRest = restLayers(labels).map((layer) => fold(layer, parameters));
  const integer = integerTrunk(trunk, foldedTrunk, ranges);
  const golden = readGolden(paths.golden, metadata.tensorsSha256);
  const evaluation = readOptional(paths.evaluation, metadata.tensorsSha256);
  const artefact = pack(metadata, integer, foldedRest.map(quantise));

  startNode();
  const float = verifyFloat([...foldedTrunk, ...foldedRest], golden);
  verifyInteger(artefact, golden);
  const quantised = quantisationDifference(artefact, golden);
  const photographs = evaluation && verifyQuantised(artefact, evaluation);

  writeArtefact(paths.out, artefact);
  return {
    model: artefact.manifest.model,
    layers: foldedTrunk.length + foldedRest.length,
    ...artefact.manifest.weights,
    arena: arenaBytes(artefact.manifest.trunk.arena),
    difference: { float, quantised },
    photographs,
  };
}

function arenaBytes({ bytes }: Arena): Report["arena"] {
  const { maps } = trunkProgram(trunk, preprocess.size);
  return {
    planned: bytes,
    separate: [...maps.values()].reduce((sum, map) => sum + mapBytes(map), 0),
  };
}

function readOptional(path: string | null, tensorsSha256: string): Evaluation | null {
  return path === null ? null : readEvaluation(path, tensorsSha256);
}
