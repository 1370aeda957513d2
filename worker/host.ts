import type { Thresholds } from "../model/artefact.ts";
import type { Tagger } from "../model/network.ts";

/** The model as built. */
export interface Model {
  /** Name and version, as answers carry it. */
  version: string;
  /** SHA-256 of the weights, in hex. */
  artefact: string;
  thresholds: Thresholds;
}

/** What the surroundings provide: the worker's own code runs in workerd, Node and browsers. */
export interface Host {
  readonly model: Model;
  /** The loaded network. Throws where it cannot be started; the next call tries again. */
  tagger(): Tagger;
}
