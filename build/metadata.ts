import { z } from "zod";
import type { Thresholds } from "../model/artefact.ts";
import { GROUPS, type Labels, perGroup } from "../model/labels.ts";
import type { Temperatures } from "../model/tagger.ts";
import { BuildError } from "./errors.ts";

const ids = z.array(z.string().min(1)).min(1);
const score = z.number().min(0).max(1);
const temperature = z.number().positive();

/** What `training/checkpoint.py` writes as JSON under the metadata key `hemline`. */
const Metadata = z.object({
  format: z.literal(2),
  version: z.string().regex(/^hemline-\d+\.\d+\.\d+$/),
  heads: z.object({ category: ids, ...perGroup(() => ids) }),
  landmarks: ids,
  size: z.int().positive(),
  thresholds: z.object({ ...perGroup(() => z.array(score)), presence: score }),
  temperatures: z.object({ category: temperature, ...perGroup(() => temperature) }),
  tensors_sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export interface CheckpointMetadata {
  version: string;
  labels: Labels;
  /** The network's input is size x size. */
  size: number;
  thresholds: Thresholds;
  temperatures: Temperatures;
  tensorsSha256: string;
}

/** Throws `BuildError`: `metadata_missing`, `metadata_malformed`. */
export function parseMetadata(metadata: Readonly<Record<string, string>>): CheckpointMetadata {
  const { hemline } = metadata;
  if (hemline === undefined) {
    throw new BuildError("metadata_missing", 'no metadata under "hemline": not our checkpoint');
  }
  const parsed = Metadata.safeParse(parseJson(hemline));
  if (!parsed.success) throw malformed(z.prettifyError(parsed.error));
  const { version, heads, landmarks, size, thresholds, temperatures, tensors_sha256 } = parsed.data;
  for (const group of GROUPS) {
    const [found, wanted] = [thresholds[group].length, heads[group].length];
    if (found !== wanted) throw malformed(`${found} thresholds for ${wanted} ${group} labels`);
  }
  const labels = {
    category: heads.category,
    attributes: perGroup((group) => heads[group]),
    landmarks,
  };
  return {
    version,
    labels,
    size,
    thresholds: {
      attributes: perGroup((group) => thresholds[group]),
      presence: thresholds.presence,
    },
    temperatures,
    tensorsSha256: tensors_sha256,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw malformed((error as Error).message);
  }
}

const malformed = (detail: string): BuildError =>
  new BuildError("metadata_malformed", `the metadata under "hemline": ${detail}`);
