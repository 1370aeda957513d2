import { HemlineError } from "./errors.ts";

/** An isolate's 128 MB are shared by its requests: so many bytes of bodies are held at a time. */
export const BODY_BYTES = 40_000_000;
const RETRY_SECONDS = 2;

/** So many pictures may be on their way: more would wait for seconds, and are told at once to come back. */
export const MOST_AT_ONCE = 128;

let held = 0;
let sharers = 0;
let most = BODY_BYTES;

/** For hosts that have more memory than an isolate. */
export function holdAtMost(bytes: number): void {
  most = bytes;
}

/** One request's share of the isolate's room for bodies. */
export class Share {
  #bytes = 0;

  /** Takes `bytes` more. Throws `busy` where there is no room. */
  take(bytes: number): void {
    if (held + bytes > most) {
      throw busy("Other pictures fill the memory.");
    }
    held += bytes;
    this.#bytes += bytes;
  }

  /** Gives everything back. */
  release(): void {
    held -= this.#bytes;
    this.#bytes = 0;
  }
}

/** Runs `work` with a share that is given back at its end. Throws `busy` where too many run already. */
export async function sharing<T>(work: (share: Share) => Promise<T>): Promise<T> {
  // A host with more memory has as many more threads.
  if (sharers >= (MOST_AT_ONCE * most) / BODY_BYTES) throw busy("Too many pictures wait already.");
  const share = new Share();
  sharers++;
  try {
    return await work(share);
  } finally {
    sharers--;
    share.release();
  }
}

const busy = (detail: string): HemlineError =>
  new HemlineError("busy", `${detail} Send this one again shortly.`, {
    "retry-after": String(RETRY_SECONDS),
  });
