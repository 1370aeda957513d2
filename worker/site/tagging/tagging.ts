import type { Tags } from "../../schemas/tags.ts";
import type { Place } from "../settings.ts";
import type { Heatmaps } from "./explain.ts";

/** A picture's tags and how they came about. */
export interface Answer {
  tags: Tags;
  /** Where the network looked, where the tagger says. */
  heatmaps?: Heatmaps | undefined;
  place: Place;
  /** On the edge there and back, on the device from file to tags. */
  ms: number;
  /** The device's own; the edge tells its own at `GET /v1/model`. */
  runtime?: Runtime;
}

export interface Runtime {
  engine: string;
  threads: number;
}

export interface Wish {
  /** Heatmaps too. */
  explain: boolean;
  signal: AbortSignal;
}

/** Tags a picture file. Throws `Problem`, or the signal's reason when it is stopped. */
export type Tagging = (file: Blob, wish: Wish) => Promise<Answer>;
