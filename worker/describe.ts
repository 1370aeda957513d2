import { type Group, labels, NONE, perGroup, WITHOUT_ATTRIBUTES } from "../model/labels.ts";
import type { Outputs } from "../model/network.ts";
import { preprocess } from "../model/preprocess.ts";
import { type ColorTag, describeColors } from "./colors/describe-colors.ts";
import type { Model } from "./host.ts";
import { isTurned } from "./image/orientation.ts";
import type { Format, Header } from "./image/sniff.ts";
import { rank, rounded, type Scored } from "./rank.ts";
import type { TagOptions } from "./tag-image.ts";

/** x and y in fractions of the upright picture, and the score, 0..1. */
export type Landmark = [x: number, y: number, score: number];

/** The answer. Numbers have at most three decimals; lists are sorted, best first. */
export interface Tags {
  model: string;
  category: Scored[];
  attributes: Record<Group, Scored[]>;
  colors: ColorTag[];
  /** By name, `left` being the image's left; only those that the garment has. */
  landmarks: Record<string, Landmark>;
  /** The upright picture's size in pixels. */
  image: { width: number; height: number; format: Format };
}

/** Without `?top=`: up to three categories, the best one and others that score at least this. */
const CATEGORIES = 3;
const LEAST = 0.01;

/** Says in labels what the network found; `square` is the picture that it saw, as RGB. */
export function describe(
  outputs: Outputs,
  square: Uint8Array,
  header: Header,
  { top }: TagOptions,
  model: Model,
): Tags {
  const ranking = rank(labels.category, outputs.category);
  const category = ranking[0]?.[0] ?? NONE;
  const worn = !WITHOUT_ATTRIBUTES.has(category);
  return {
    model: model.version,
    category:
      top === undefined
        ? ranking.filter(([, score], i) => i === 0 || (i < CATEGORIES && score >= LEAST))
        : ranking.slice(0, top),
    attributes: perGroup((group) => (worn ? attributes(outputs, group, top, model) : [])),
    colors: colors(outputs, square, category),
    landmarks: worn ? landmarks(outputs, model) : {},
    image: upright(header),
  };
}

function attributes(outputs: Outputs, group: Group, top: number | undefined, model: Model) {
  const scores = outputs.attributes[group];
  if (top !== undefined) return rank(labels.attributes[group], scores).slice(0, top);
  const thresholds = model.thresholds.attributes[group];
  return rank(labels.attributes[group], scores, (score, i) => score >= (thresholds[i] ?? 1));
}

function colors({ landmarks, presence }: Outputs, square: Uint8Array, category: string) {
  const seen = WITHOUT_ATTRIBUTES.has(category) ? new Float32Array(presence.length) : presence;
  return describeColors(square, preprocess.size, landmarks, seen, category);
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
