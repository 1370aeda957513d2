import { GROUPS, type Group, labels, perGroup } from "../model/labels.ts";
import type { Outputs } from "../model/network.ts";
import type { Model } from "./host.ts";
import { isTurned } from "./image/orientation.ts";
import type { Format, Header } from "./image/sniff.ts";
import type { TagOptions } from "./tag-image.ts";

/** A label and its score, 0..1. */
export type Scored = [label: string, score: number];
/** A named colour, its hex value, and its share of the garment's pixels, 0..1. */
export type Color = [name: string, hex: string, share: number];
/** x and y in fractions of the upright picture, and the score, 0..1. */
export type Landmark = [x: number, y: number, score: number];

/** The answer. Numbers have at most three decimals; lists are sorted, best first. */
export interface Tags {
  model: string;
  category: Scored[];
  attributes: Record<Group, Scored[]>;
  colors: Color[];
  landmarks: Record<string, Landmark>;
  /** Size of the upright picture in pixels. */
  image: { width: number; height: number; format: Format };
}

/** Categories shown without `?top=`, as far as they score at least `LEAST`. */
const CATEGORIES = 3;
const LEAST = 0.01;
