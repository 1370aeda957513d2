import { ApiError } from "./error.ts";
import type { Patience } from "./send.ts";
import { sleep } from "./sleep.ts";

/** An answer's JSON. Throws `bad_answer` for anything else. */
export async function jsonOf<T>(response: Response, patience: Patience): Promise<T> {
  const value = parse(await textOf(response, patience));
  if (typeof value === "object" && value !== null) return value as T;
  throw notJson(response.status);
}

/** The JSON values of a body that has one a line. Throws `bad_answer` where a line is none. */
export async function* linesOf<T>(response: Response, patience: Patience): AsyncGenerator<T> {
  let rest = "";
  for await (const text of partsOf(response, patience)) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield parsed<T>(line, response.status);
  }
  if (rest !== "") yield parsed<T>(rest, response.status);
}

function parsed<T>(line: string, status: number): T {
  const value = parse(line);
  if (typeof value === "object" && value !== null) return value as T;
  throw notJson(status);
}

export async function textOf(response: Response, patience: Patience): Promise<string> {
  let text = "";
  for await (const part of partsOf(response, patience)) text += part;
  return text;
}

/** A body's text as it comes; whoever stops reading ends the transfer. */
async function* partsOf({ body }: Response, { timeout, signal }: Patience): AsyncGenerator<string> {
  if (body === null) return;
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await inTime(reader.read(), timeout, signal);
      if (done) return;
      yield value;
    }
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

async function inTime<T>(
  read: Promise<T>,
  timeout: number,
  signal: AbortSignal | undefined,
): Promise<T> {
  const stop = new AbortController();
  try {
    return await Promise.race([
      read.catch((cause: unknown) => {
        throw new ApiError("unreachable", "The answer broke off.", { cause });
      }),
      sleep(timeout, signal ? AbortSignal.any([signal, stop.signal]) : stop.signal).then(() => {
        throw late(timeout);
      }),
    ]);
  } finally {
    stop.abort();
  }
}

export const late = (timeout: number) =>
  new ApiError("timeout", `There was no answer within ${timeout / 1000} s.`);

const notJson = (status: number) =>
  new ApiError("bad_answer", `HTTP ${status} with something that is not JSON.`, { status });

export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
