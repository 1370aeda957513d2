import { type Group, labels, perGroup } from "../../model/labels.ts";
import type { Evidence, Outputs, Tagger } from "../../model/network.ts";
import type { Host } from "../../worker/host.ts";

/** Scores by label; labels that are not named score 0. */
export interface Found {
  category?: Record<string, number>;
  attributes?: Partial<Record<Group, Record<string, number>>>;
  landmarks?: Record<string, [x: number, y: number, presence: number]>;
}

/** What a network that found just this would put out. */
export function outputs({ category = {}, attributes = {}, landmarks = {} }: Found): Outputs {
  const row = (ids: readonly string[], scores: Record<string, number> = {}) =>
    Float32Array.from(ids, (id) => scores[id] ?? 0);
  const marks = labels.landmarks.map((name) => landmarks[name] ?? ([0, 0, 0] as const));
  return {
    category: row(labels.category, category),
    attributes: perGroup((group) => row(labels.attributes[group], attributes[group])),
    landmarks: Float32Array.from(marks.flatMap((mark) => mark.slice(0, 2))),
    presence: Float32Array.from(marks, (mark) => mark[2]),
  };
}

/** Somewhere to have looked. */
const evidence: Evidence = {
  heatmaps: { side: 2, values: new Float32Array(4 * labels.landmarks.length).fill(0.25) },
  categories: { side: 2, values: Float32Array.of(-1, 0, 1, 2), indices: [0] },
};

/** A host whose network finds the same in every picture: for tests of everything around it. */
export function hostFinding(found: Found, seen: Uint8Array[] = []): Host {
  const tagger: Tagger = {
    engine: "float32",
    simd: true,
    threads: 1,
    infer(square, { explain = false } = {}) {
      seen.push(square);
      return explain ? { ...outputs(found), evidence } : outputs(found);
    },
  };
  return {
    model: {
      version: "hemline-test",
      artefact: "00",
      thresholds: {
        attributes: perGroup((group) => labels.attributes[group].map(() => 0.5)),
        presence: 0.5,
      },
    },
    tagger: () => tagger,
  };
}
