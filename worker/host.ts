import type { Thresholds } from "../model/artefact.ts";
import type { Tagger } from "../model/network.ts";
import type { Tags } from "./describe.ts";
import type { Transport } from "./fetch/follow.ts";
import type { TagOptions } from "./tag-image.ts";

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
  /** How pictures that callers name are fetched; the platform's own fetch where it is left out. */
  readonly transport?: Transport;
}

/** Surroundings whose networks run elsewhere, in a pool of threads: they take whole pictures. */
export interface PooledHost {
  readonly model: Model;
  /** What the pool's networks run on. */
  tagger(): Omit<Tagger, "infer">;
  /** Throws `busy` where too many pictures wait already. */
  tag(bytes: Uint8Array, options: TagOptions): Promise<Tags>;
  readonly transport?: Transport;
}

export type AnyHost = Host | PooledHost;
