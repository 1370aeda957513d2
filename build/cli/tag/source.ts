import type { Tags } from "../../../worker/describe.ts";
import { createTagger } from "../../../worker/hosts/node/tagger.ts";

/** Where tags come from. */
export interface Source {
  /** How many pictures it takes at a time. */
  readonly width: number;
  /** Throws `HemlineError` for a picture that cannot be tagged. */
  tag(file: string, signal: AbortSignal): Promise<Tags>;
  close(): Promise<void>;
}

export interface SourceOptions {
  threads: number;
  top: number | undefined;
}

/** The network, in threads of this process. */
export async function openSource({ threads, top }: SourceOptions): Promise<Source> {
  const tagger = await createTagger({ threads, ...(top === undefined ? {} : { top }) });
  return {
    // As many again wait, so that no thread does.
    width: 2 * threads,
    tag: (file, signal) => tagger.tag(file, { signal }),
    close: () => tagger.close(),
  };
}
