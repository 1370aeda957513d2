/** `import { createTagger } from "hemline/node"`: the Worker's own path, in a pool of threads. */
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { EngineName } from "../../../model/network.ts";
import type { Tags } from "../../describe.ts";

import type { Model, PooledHost } from "../../host.ts";
import type { TagOptions } from "../../tag-image.ts";
import { inOrder } from "./in-order.ts";
import { Pool } from "./pool.ts";

export type { Tags } from "../../describe.ts";
export { type ErrorCode, HemlineError } from "../../errors.ts";

/** A picture file: its bytes, or where it lies. */
export type Picture = Uint8Array | string | URL;

export interface TaggerOptions extends TagOptions {
  /** How many pictures at once; as many as there are cores by default. */
  threads?: number;
  /**
   * So many threads compute each picture together, 1 by default: a picture is sooner done where
   * there are fewer pictures than cores. int8 only; float32 has one.
   */
  threadsPerPicture?: number;
  /** `int8` unless `HEMLINE_ENGINE` says otherwise. */
  engine?: EngineName;
  /** The most pictures that wait for a thread, 1000 by default; more are refused with `busy`. */
  queue?: number;
  /** A picture may take so long, in ms (60,000 by default); then its thread is ended and replaced. */
  limit?: number;
}

export interface CallOptions extends TagOptions {
  signal?: AbortSignal;
}

/** One picture of many: its tags, or why it has none. */
export type Result<P> = { picture: P; tags: Tags } | { picture: P; error: Error };

export interface NodeTagger {
  readonly model: Model;
  /** What the network runs on; `threads` are all that compute. */
  readonly running: ReturnType<PooledHost["tagger"]>;
  /**
   * A picture's tags. Throws `HemlineError` for a picture that cannot be tagged (`corrupt_image`,
   * `not_found`, …), `busy` where too many wait, and the signal's reason where it is called off.
   */
  tag(picture: Picture, options?: CallOptions): Promise<Tags>;
  /**
   * Many pictures, results in their order. Draws pictures only as threads become free, so a list of
   * any length takes little memory. A picture's failure is its result; the signal ends the list.
   */
  tagAll<P extends Picture>(
    pictures: Iterable<P> | AsyncIterable<P>,
    options?: CallOptions,
  ): AsyncGenerator<Result<P>>;
  /** Finishes what was begun and ends the threads. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const THREAD = new URL("./thread.ts", import.meta.url);

/** Starts the threads; resolves when the first is ready. Throws what kept it from starting. */
export async function createTagger({
  threads = availableParallelism(),
  threadsPerPicture = 1,
  queue = 1000,
  limit = 60_000,
  engine,
  ...defaults
}: TaggerOptions = {}): Promise<NodeTagger> {
  for (const [name, count] of Object.entries({ threads, threadsPerPicture })) {
    if (Number.isInteger(count) && count > 0) continue;
    throw new RangeError(`${name} is a whole number from 1 on, not ${count}`);
  }
  const env = engine ? { ...process.env, HEMLINE_ENGINE: engine } : process.env;
  const setup = { threadsPerPicture };
  const pool = new Pool({ program: THREAD, threads, queue, limit, env, setup });
  const { model, running } = await pool.started;

  async function tag(picture: Picture, { signal, ...options }: CallOptions = {}): Promise<Tags> {
    const task = { picture: portable(picture), options: { ...defaults, ...options } };
    return pool.run(task, signal);
  }

  return {
    model,
    running: { ...running, threads: threads * running.threads },
    tag,
    tagAll: (pictures, options = {}) =>
      // Twice as many as there are threads: none waits for the slowest to be yielded.
      inOrder(pictures, 2 * threads, async (picture) => {
        try {
          return { picture, tags: await tag(picture, options) };
        } catch (error) {
          if (options.signal?.aborted) throw error;
          return { picture, error: error instanceof Error ? error : new Error(String(error)) };
        }
      }),
    close: () => pool.close(),
    [Symbol.asyncDispose]: () => pool.close(),
  };
}

/** Bytes are copied: they move to the thread, and the caller keeps its own. */
function portable(picture: Picture): Uint8Array<ArrayBuffer> | string {
  if (picture instanceof URL) return fileURLToPath(picture);
  return typeof picture === "string" ? picture : new Uint8Array(picture);
}
