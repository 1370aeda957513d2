import { retryAfter } from "../fetch/retry-after.ts";
import type { Problem } from "../schemas/problem.ts";
import { ApiError } from "./error.ts";
import { late, parse, textOf } from "./read.ts";
import { sleep } from "./sleep.ts";

/** One request; its body is made anew for each attempt. */
export interface Message {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body?: () => BodyInit;
  /** What may have happened must not happen again: no second attempt after a broken connection. */
  unsafe?: boolean;
}

export interface Patience {
  fetch: typeof fetch;
  /** Milliseconds until an attempt's answer must have begun, and then until each part of it. */
  timeout: number;
  /** Attempts after the first. */
  retries: number;
  /** The longest wait between two attempts, in seconds; who asks for more is not waited for. */
  longestWait: number;
  signal: AbortSignal | undefined;
}

/** The first wait, in seconds, where the service names none; each one after it is twice as long. */
const FIRST_WAIT = 0.5;

/**
 * An answer that is good. 429, 503 and broken connections are tried again, after what Retry-After
 * says or else longer each time; waits are spread at random, so that clients do not come back at once.
 *
 * Throws `ApiError`, or the signal's reason.
 */
export async function send(message: Message, patience: Patience): Promise<Response> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await attemptOnce(message, patience);
    } catch (error) {
      if (!(error instanceof ApiError) || !mayRepeat(message, error)) throw error;
      if (attempt >= patience.retries) throw error;
      const wait = waitFor(attempt, error.retryAfter);
      if (wait > patience.longestWait) throw error;
      await sleep(wait * 1000, patience.signal);
    }
  }
}

function mayRepeat({ unsafe }: Message, { status, code }: ApiError): boolean {
  return status === 429 || status === 503 || (code === "unreachable" && !unsafe);
}

function waitFor(attempt: number, asked: number | undefined): number {
  if (asked !== undefined) return asked + Math.random() * Math.min(1, asked / 4 + 0.1);
  return FIRST_WAIT * 2 ** attempt * (0.5 + Math.random() / 2);
}

async function attemptOnce(message: Message, patience: Patience): Promise<Response> {
  const { fetch, timeout, signal } = patience;
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), timeout);
  const both = signal ? AbortSignal.any([signal, deadline.signal]) : deadline.signal;
  const { method, url, headers, body } = message;
  // Followed, a redirect would carry the key elsewhere; "error" is not to be had in Workers.
  const init = { method, headers, signal: both, redirect: "manual" as const };
  let response: Response;
  try {
    response = await fetch(url, body === undefined ? init : { ...init, body: body() });
  } catch (cause) {
    signal?.throwIfAborted();
    if (deadline.signal.aborted) throw late(timeout);
    throw new ApiError("unreachable", `${url.origin} cannot be reached.`, { cause });
  } finally {
    clearTimeout(timer);
  }
  if (response.ok) return response;
  throw await problemOf(response, patience);
}

/** The problem document of an answer, or what can be said without one. */
async function problemOf(response: Response, patience: Patience): Promise<ApiError> {
  const { status, headers } = response;
  const wait = retryAfter(headers.get("retry-after"), Date.now());
  const text = await textOf(response, patience).catch((error: unknown) => {
    patience.signal?.throwIfAborted();
    if (!(error instanceof ApiError)) throw error;
    return "";
  });
  const said = parse(text) as Partial<Problem> | null | undefined;
  if (typeof said?.code === "string" && typeof said.detail === "string") {
    return ApiError.of({ ...(said as Problem), status }, wait);
  }
  const more = wait === undefined ? {} : { retryAfter: wait };
  return new ApiError("bad_answer", `HTTP ${status} without a problem document.`, {
    status,
    ...more,
  });
}
