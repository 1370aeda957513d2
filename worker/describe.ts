import { type Group, labels, NONE, perGroup, WITHOUT_ATTRIBUTES } from "../model/labels.ts";
import { nameOf } from "../model/names.ts";
import type { Outputs } from "../model/network.ts";
import { preprocess } from "../model/preprocess.ts";
import { describeColors } from "./colors/describe-colors.ts";
import { explain } from "./explain.ts";
import type { Model } from "./host.ts";
import { isTurned } from "./image/orientation.ts";
import type { Header } from "./image/sniff.ts";
import { type Join, largest, reword, rewordColors, sum, thresholdOf } from "./maps/apply.ts";
import { rank, rounded } from "./rank.ts";
import type { ColorTag, Scored, Tags } from "./schemas/tags.ts";
import type { TagOptions } from "./tag-image.ts";

export type { Tags } from "./schemas/tags.ts";

/** Without `?top=`: up to three categories, the best one and others that score at least this. */
const CATEGORIES = 3;
const LEAST = 0.01;

/** Says in labels what the network found; `square` is the picture that it saw, as RGB. */
export function describe(
  outputs: Outputs,
  square: Uint8Array,
  header: Header,
  options: TagOptions,
  model: Model,
): Tags {
  const category = rank(labels.category, outputs.category)[0]?.[0] ?? NONE;
  const worn = !WITHOUT_ATTRIBUTES.has(category);
  const found = worn ? landmarks(outputs, model) : {};
  const { evidence } = outputs;
  return {
    model: model.version,
    category: categories(outputs, options),
    attributes: perGroup((group) => (worn ? attributes(outputs, group, options, model) : [])),
    colors: colors(outputs, square, category, options),
    landmarks: found,
    image: upright(header),
    ...(evidence ? { explain: explain(evidence, new Set(Object.keys(found))) } : {}),
  };
}

function categories(outputs: Outputs, options: TagOptions): Scored[] {
  const ranking = ranked(labels.category, outputs.category, () => 0, sum, options);
  if (options.top !== undefined) return ranking;
  return ranking.filter(([, score], i) => i === 0 || (i < CATEGORIES && score >= LEAST));
}

function attributes(outputs: Outputs, group: Group, options: TagOptions, model: Model): Scored[] {
  const thresholds = model.thresholds.attributes[group];
  const least = (i: number): number => thresholds[i] ?? 1;
  return ranked(labels.attributes[group], outputs.attributes[group], least, largest, options);
}

/** Labels, best first, in the words that were asked for; all that reach `least`, or the `top` best. */
function ranked(
  ids: readonly string[],
  scores: Float32Array,
  least: (index: number) => number,
  join: Join,
  { top, map, lang }: TagOptions,
): Scored[] {
  const threshold = (i: number): number => (map && thresholdOf(map, ids[i] as string)) ?? least(i);
  const kept = [...scores.entries()]
    .filter(([i, score]) => top !== undefined || score >= threshold(i))
    .map(([i, score]) => [ids[i] as string, score] as const);
  const words = map ? reword(kept, map, join) : new Map(kept);
  return rank([...words.keys()], [...words.values()])
    .slice(0, top)
    .map(([id, score]) => (lang ? [id, score, nameOf(id, lang)] : [id, score]));
}

function colors(
  { landmarks, presence }: Outputs,
  square: Uint8Array,
  category: string,
  { map, lang }: TagOptions,
): ColorTag[] {
  const seen = WITHOUT_ATTRIBUTES.has(category) ? new Float32Array(presence.length) : presence;
  const found = describeColors(square, preprocess.size, landmarks, seen, category);
  return (map ? rewordColors(found, map) : found).map(([id, hex, share]) =>
    lang ? [id, hex, share, nameOf(id, lang)] : [id, hex, share],
  );
}

function landmarks(outputs: Outputs, model: Model): Tags["landmarks"] {
  const found: Tags["landmarks"] = {};
  for (const [i, name] of labels.landmarks.entries()) {
    const score = outputs.presence[i] ?? 0;
    if (score < model.thresholds.presence) continue;
    const [x = 0, y = 0] = outputs.landmarks.subarray(2 * i, 2 * i + 2);
    found[name] = [rounded(x), rounded(y), rounded(score)];
  }
  return found;
}

function upright({ format, width, height, orientation }: Header): Tags["image"] {
  return isTurned(orientation)
    ? { width: height, height: width, format }
    : { width, height, format };
}
