/** What the page and the tagger's worker say to each other. */
import type { Tags } from "../../schemas/tags.ts";
import type { Runtime } from "./tagging.ts";

/** A picture file to tag; `id` comes back with the answer. */
export interface Order {
  id: number;
  bytes: ArrayBuffer;
  explain: boolean;
}

export type Report =
  | ({ kind: "ready" } & Runtime)
  | { kind: "failed"; detail: string }
  | { kind: "tags"; id: number; tags: Tags; ms: number }
  | { kind: "problem"; id: number; code: string; detail: string };
