import type { Tags } from "../../describe.ts";
import type { ErrorCode } from "../../errors.ts";
import type { Model, PooledHost } from "../../host.ts";
import type { TagOptions } from "../../tag-image.ts";

/** What a pool's thread is told when it starts. */
export interface Setup {
  /** So many threads compute one picture together. */
  threadsPerPicture: number;
}

/** What a pool's thread is asked: the bytes of a picture file, or the file's path. */
export interface Task {
  picture: Uint8Array<ArrayBuffer> | string;
  options: TagOptions;
}

/** What a thread says first: the model it has loaded, and what its network runs on. */
export interface Started {
  model: Model;
  running: ReturnType<PooledHost["tagger"]>;
}

/** What a thread answers: tags, a `HemlineError`'s parts, or the stack of anything else. */
export type Answer =
  | { tags: Tags }
  | { refused: { code: ErrorCode; detail: string; headers: Readonly<Record<string, string>> } }
  | { failed: string };
