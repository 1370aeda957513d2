import { HemlineError } from "../errors.ts";
import { type Message, type Room, readLimited } from "../read-limited.ts";
import type { Policy } from "./check-url.ts";
import { follow, type Transport } from "./follow.ts";
import { mayRetry, RemoteError } from "./remote-error.ts";
import { retryAfter } from "./retry-after.ts";

/** Where a picture is, with the headers its server wants, or the picture itself, not yet read. */
export type Picture = { url: string; headers?: Record<string, string> } | { message: Message };

export interface FetchLimits {
  /** Largest picture, in bytes. */
  bytes: number;
  /** The whole transfer, redirects included, in milliseconds. */
  timeout: number;
}

/**
 * Fetches a picture that somebody else named. What it is gets decided afterwards by its bytes, in the
 * intake path: content types are not believed, so an HTML error page or an SVG dies there. `room` is
 * asked before more bytes are held.
 */
export async function fetchPicture(
  picture: Picture,
  policy: Policy,
  limits: FetchLimits,
  transport: Transport = fetch,
  room?: Room,
): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = () => tooManyBytes(limits.bytes);
  if ("message" in picture) return readLimited(picture.message, limits.bytes, tooLarge, room);
  const deadline = new AbortController();
  const late = new RemoteError("fetch_timeout", "The picture did not arrive in time.", true);
  const timer = setTimeout(() => deadline.abort(late), limits.timeout);
  try {
    const response = await follow(
      picture.url,
      picture.headers ?? {},
      policy,
      deadline.signal,
      transport,
    );
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new RemoteError(
        "fetch_failed",
        `The picture's server answered ${response.status}.`,
        mayRetry(response.status),
        retryAfter(response.headers.get("retry-after"), Date.now()),
      );
    }
    return await readLimited(response, limits.bytes, tooLarge, room);
  } catch (error) {
    if (error instanceof HemlineError) throw error;
    if (deadline.signal.aborted) throw late;
    throw new RemoteError(
      "fetch_failed",
      "The picture's server could not be reached, or broke off.",
      true,
    );
  } finally {
    clearTimeout(timer);
  }
}

const tooManyBytes = (limit: number): HemlineError =>
  new RemoteError("image_too_large", `The picture is larger than ${limit} bytes.`, false);
