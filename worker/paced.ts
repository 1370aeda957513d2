import { busy, crowded } from "./bodies.ts";
import { chunksOf } from "./chunks.ts";
import { HemlineError } from "./errors.ts";

/** How often a body's progress is looked at, in ms, and how many bytes must have come meanwhile. */
export const PACE = { every: 10_000, bytes: 16_384 };

/** A message whose body can be read once, or cancelled. */
export interface Paced {
  headers: Headers;
  body: (AsyncIterable<Uint8Array> & { cancel(): Promise<void> }) | null;
}

/**
 * A request whose body must keep coming: a sender that is slower holds memory and a place that others
 * need (slowloris), and is given up with `body_timeout`; with `busy` where the isolate may be to blame.
 */
export function paced({ headers, body }: Request, pace = PACE): Paced {
  return {
    headers,
    body: body && {
      cancel: () => body.cancel(),
      [Symbol.asyncIterator]: () => inTime(body, pace),
    },
  };
}

const tooSlow = (): HemlineError =>
  crowded()
    ? busy("The body was not read in time, with so many others at once.")
    : new HemlineError("body_timeout", "The body came too slowly.");

async function* inTime(body: ReadableStream<Uint8Array>, pace: typeof PACE) {
  const chunks = chunksOf(body);
  let come = 0;
  let fail: (error: HemlineError) => void = () => undefined;
  const slow = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // Without a race in progress nobody looks at it.
  slow.catch(() => undefined);
  const timer = setInterval(() => {
    if (come < pace.bytes) fail(tooSlow());
    come = 0;
  }, pace.every);
  try {
    for (;;) {
      const chunk = await Promise.race([chunks.next(), slow]);
      if (chunk === undefined) return;
      come += chunk.length;
      yield chunk;
    }
  } finally {
    clearInterval(timer);
    void chunks.cancel().catch(() => undefined);
  }
}
