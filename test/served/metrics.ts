/** The numbers by which the served Worker is judged, from its answers alone. */
import { GROUPS, type Group, labels, NONE, perGroup } from "../../model/labels.ts";
import type { Tags } from "../../worker/schemas/tags.ts";
import type { Labelled } from "./labelled.ts";

/** What the Worker said of a photograph, plainly and with `?top=20`. */
export interface Answer {
  photo: Labelled;
  tags: Tags;
  top: Tags;
}

export interface Scores {
  photographs: number;
  category: { top1: number; top3: number; top5: number };
  /** Hits among the three best of a group / positives; micro-F1 at the shipped thresholds. */
  attributes: Record<Group, { recall3: number; f1: number }>;
  landmarks: {
    /** Mean distance in fractions of width and height, over visible landmarks that were returned. */
    error: number;
    visible: number;
    /** Share of the visible ones that were returned. */
    returned: number;
    /** Share of the returned ones that the garment does not have. */
    spurious: number;
  };
  /** The first colour returned is the first colour labelled. */
  mainColor: number;
  /** Photographs of garments taken for none. */
  noneOnGarments: number;
}

export function score(answers: readonly Answer[]): Scores {
  return {
    photographs: answers.length,
    category: { top1: topK(answers, 1), top3: topK(answers, 3), top5: topK(answers, 5) },
    attributes: perGroup((group) => attributeScores(answers, group)),
    landmarks: landmarkScores(answers),
    mainColor: mainColor(answers),
    noneOnGarments: mean(
      answers.filter(({ photo }) => photo.category !== NONE).map(({ tags }) => isNone(tags)),
    ),
  };
}

export const isNone = (tags: Tags): boolean => tags.category[0]?.[0] === NONE;

export const mean = (values: readonly (number | boolean)[]): number =>
  values.reduce((sum: number, value) => sum + Number(value), 0) / values.length;

/** A category that the model does not offer is a miss. */
function topK(answers: readonly Answer[], k: number): number {
  const names = ({ top }: Answer) => top.category.slice(0, k).map(([id]) => id);
  return mean(answers.map((answer) => names(answer).includes(answer.photo.category)));
}

function attributeScores(answers: readonly Answer[], group: Group) {
  let [positives, among3, hits, said] = [0, 0, 0, 0];
  for (const { photo, tags, top } of answers) {
    if (photo[group] === null) continue;
    // Labels that the model does not offer cannot be asked of it.
    const wanted = photo[group].filter((id) => labels.attributes[group].includes(id));
    const ids = tags.attributes[group].map(([id]) => id);
    const best = top.attributes[group].slice(0, 3).map(([id]) => id);
    positives += wanted.length;
    said += ids.length;
    hits += wanted.filter((id) => ids.includes(id)).length;
    among3 += wanted.filter((id) => best.includes(id)).length;
  }
  return { recall3: among3 / positives, f1: (2 * hits) / (positives + said) };
}

function landmarkScores(answers: readonly Answer[]): Scores["landmarks"] {
  let [visible, returned, spurious] = [0, 0, 0];
  const distances: number[] = [];
  for (const { photo, tags } of answers) {
    if (photo.landmarks === null) continue;
    for (const [i, name] of labels.landmarks.entries()) {
      const [point, found] = [photo.landmarks[i] ?? null, tags.landmarks[name]];
      if (found !== undefined) returned++;
      if (found !== undefined && point === null) spurious++;
      if (point?.[2] !== 1) continue;
      visible++;
      if (found !== undefined) distances.push(Math.hypot(found[0] - point[0], found[1] - point[1]));
    }
  }
  return {
    error: mean(distances),
    visible,
    returned: distances.length / visible,
    spurious: spurious / returned,
  };
}

function mainColor(answers: readonly Answer[]): number {
  const coloured = answers.filter(({ photo }) => photo.color?.[0] !== undefined);
  return mean(coloured.map(({ photo, tags }) => tags.colors[0]?.[0] === photo.color?.[0]));
}

/** Lines for people. */
export function table(scores: Scores): string {
  const percent = (value: number) => `${(value * 100).toFixed(1).padStart(6)} %`;
  const { category, attributes, landmarks } = scores;
  return [
    `photographs          ${String(scores.photographs).padStart(6)}`,
    `category top-1       ${percent(category.top1)}`,
    `category top-3       ${percent(category.top3)}`,
    `category top-5       ${percent(category.top5)}`,
    ...GROUPS.map(
      (group) =>
        `${group.padEnd(8)} recall@3   ${percent(attributes[group].recall3)}` +
        `   micro-F1 ${percent(attributes[group].f1)}`,
    ),
    `landmark error       ${landmarks.error.toFixed(4).padStart(8)} (fractions of the sides)`,
    `landmarks returned   ${percent(landmarks.returned)} of ${landmarks.visible} visible`,
    `landmarks spurious   ${percent(landmarks.spurious)} of those returned`,
    `main colour          ${percent(scores.mainColor)}`,
    `none on garments     ${percent(scores.noneOnGarments)}`,
  ].join("\n");
}
