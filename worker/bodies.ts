import { HemlineError } from "./errors.ts";

/** An isolate's 128 MB are shared by its requests: so many bytes of bodies are held at a time. */
export const BODY_BYTES = 40_000_000;
const RETRY_SECONDS = 2;

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
      const detail = "Other pictures fill the memory. Send this one again shortly.";
      throw new HemlineError("busy", detail, { "retry-after": String(RETRY_SECONDS) });
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

/** Runs `work` with a share that is given back at its end. */
export async function sharing<T>(work: (share: Share) => Promise<T>): Promise<T> {
  const share = new Share();
  try {
    return await work(share);
  } finally {
    share.release();
  }
}
