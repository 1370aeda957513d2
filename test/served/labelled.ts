import { readFileSync } from "node:fs";
import type { Group } from "../../model/labels.ts";
import { ROOT } from "./worker.ts";

export type Split = "train" | "val" | "test";

/** x and y in fractions of the upright picture; 1 seen, 0 hidden but estimated. */
export type Point = [x: number, y: number, seen: 0 | 1];

/** A line of `training/data/labels.jsonl`, as far as it is scored; null is unknown. */
export type Labelled = Record<Group, string[] | null> & {
  id: string;
  split: Split;
  category: string;
  /** Main colour first. */
  color: string[] | null;
  /** In the order of `model/labels.json`; null within: the garment has none there. */
  landmarks: (Point | null)[] | null;
};

export function readLabelled(split: Split): Labelled[] {
  const lines = readFileSync(`${ROOT}/training/data/labels.jsonl`, "utf8").trim().split("\n");
  const all = lines.map((line) => JSON.parse(line) as Labelled);
  return all.filter((photo) => photo.split === split);
}
