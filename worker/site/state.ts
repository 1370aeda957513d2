import type { Backfill } from "./api/backfills.ts";
import type { Row } from "./batch/run.ts";
import type { Picture } from "./intake/files.ts";
import type { Answer } from "./tagging/tagging.ts";
import type { Problem } from "./words/problems.ts";

/** One picture on the page. */
export interface Single {
  kind: "single";
  picture: Picture;
  /** Object URL, to show it. */
  address: string;
  answer?: Answer;
  problem?: Problem;
  loading: boolean;
  /** The table that it was opened from. */
  from?: Batch;
}

export interface Batch {
  kind: "batch";
  rows: Row[];
  leftOut: number;
  startedAt: number;
  stop: AbortController;
}

export interface Start {
  kind: "start";
  /** Nothing usable was given. */
  note?: "noPictures";
}

export interface Backfills {
  kind: "backfills";
  list?: Backfill[];
  problem?: Problem;
}

export type State = Start | Single | Batch | Backfills;
