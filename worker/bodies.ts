import { HemlineError } from "./errors.ts";

/** An isolate's 128 MB are shared by its requests: so many bytes of bodies are held at a time. */
export const BODY_BYTES = 40_000_000;
const RETRY_SECONDS = 2;

/** So many of a kind may be on their way: more would wait for seconds, and are told at once to come back. */
export const MOST_AT_ONCE = 128;

/** Pictures wait for the network, webhooks for D1: counted apart, neither keeps the other out. */
const inside = { pictures: 0, webhooks: 0 };

let held = 0;
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
      throw busy("Others fill the memory.");
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
export async function sharing<T>(
  work: (share: Share) => Promise<T>,
  kind: keyof typeof inside = "pictures",
): Promise<T> {
  if (inside[kind] >= places()) throw busy(`Too many ${kind} wait already.`);
  const share = new Share();
  inside[kind]++;
  try {
    return await work(share);
  } finally {
    inside[kind]--;
    share.release();
  }
}

/** Whether an isolate is so full that what seems a slow sender may be one that it has no time to hear. */
export function crowded(): boolean {
  return Object.values(inside).some((count) => count >= 0.75 * places());
}

/** A host with more memory has as many more threads. */
const places = (): number => (MOST_AT_ONCE * most) / BODY_BYTES;

export const busy = (detail: string): HemlineError =>
  new HemlineError("busy", `${detail} Send this one again shortly.`, {
    "retry-after": String(RETRY_SECONDS),
  });
