import { readSources } from "../cms/sources.ts";
import type { Host } from "../host.ts";
import { MAX_BYTES } from "../routes/picture.ts";
import { tagImage } from "../tag-image.ts";
import type { Workshop } from "./consume.ts";
import type { JobsEnv } from "./queues.ts";
import { Resting } from "./resting.ts";

/** Known as long as the isolate lives. */
const resting = new Resting();

/** The Workshop of a running Worker: its configuration, its clock, the platform's fetch, the tagger. */
export function workshop(env: JobsEnv, host: Host): Workshop {
  const { ready, problems } = readSources(env);
  for (const problem of problems) console.error(problem);
  return {
    db: env.DB,
    sources: ready,
    tag: (bytes) => tagImage(bytes, { images: env.IMAGES }, host),
    // Read when needed: a network that cannot start must not keep rows from being accounted for.
    get model() {
      return host.model.version;
    },
    transport: (url, init) => fetch(url, init),
    maxBytes: MAX_BYTES,
    resting,
    now: Date.now,
  };
}
