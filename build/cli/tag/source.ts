import type { Language } from "../../../model/names.ts";
import { createClient, type TagOptions } from "../../../worker/client/client.ts";
import { readPicture } from "../../../worker/hosts/node/read-picture.ts";
import { createTagger } from "../../../worker/hosts/node/tagger.ts";
import { parseMap } from "../../../worker/maps/map.ts";
import type { Tags } from "../../../worker/schemas/tags.ts";

/** Where tags come from. */
export interface Source {
  /** How many pictures it takes at a time. */
  readonly width: number;
  /** Throws `HemlineError`, or the client's `ApiError`, for a picture that cannot be tagged. */
  tag(file: string, signal: AbortSignal): Promise<Tags>;
  close(): Promise<void>;
}

export interface SourceOptions {
  threads: number;
  top: number | undefined;
  lang: Language | undefined;
  /** The text of a map's file or, for a service, the name of one of its maps. */
  map: string | undefined;
  /** A service to tag by; without it this process does. */
  url: string | undefined;
  key: string | undefined;
}

export async function openSource(options: SourceOptions): Promise<Source> {
  return options.url === undefined ? openThreads(options) : openService(options.url, options);
}

/** The network, in threads of this process. */
async function openThreads({ threads, map, ...options }: SourceOptions): Promise<Source> {
  const { top, lang } = options;
  const tagger = await createTagger({
    threads,
    ...{ top, lang, map: map === undefined ? undefined : parseMap(map) },
  });
  return {
    // As many again wait, so that no thread does.
    width: 2 * threads,
    tag: (file, signal) => tagger.tag(file, { signal }),
    close: () => tagger.close(),
  };
}

/** A service elsewhere; `threads` pictures are on their way at a time. */
function openService(url: string, { threads, key, ...asked }: SourceOptions): Source {
  const { top, lang, map } = asked;
  const client = createClient({ url, ...(key === undefined ? {} : { key }) });
  const wanted = JSON.parse(JSON.stringify({ top, lang, map })) as TagOptions;
  return {
    width: threads,
    tag: async (file, signal) => {
      const picture = await readPicture(file);
      return client.tag(new Uint8Array(picture), { ...wanted, signal });
    },
    close: async () => undefined,
  };
}
