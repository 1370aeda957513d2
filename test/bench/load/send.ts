/** One request, and in a word what became of it. */

export interface Answer {
  /** 0: no answer at all. */
  status: number;
  retryAfter: boolean;
  /** Why there was none. */
  cause?: string;
}

/** Never rejects: what breaks off is counted like any other answer. */
export async function send(url: string, init: RequestInit): Promise<Answer> {
  try {
    const response = await fetch(url, init);
    await response.arrayBuffer();
    return { status: response.status, retryAfter: response.headers.has("retry-after") };
  } catch (error) {
    return { status: 0, retryAfter: false, cause: causeOf(error) };
  }
}

/** `fetch failed` says nothing: its cause does. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return `${"code" in cause ? `${cause.code} ` : ""}${cause.message}`;
}

export const isGood = ({ status }: Answer): boolean => status >= 200 && status < 300;

/** Turned away as it should be: told when to come back. */
export const isShed = ({ status, retryAfter }: Answer): boolean =>
  [429, 503].includes(status) && retryAfter;

/** What the errors were, and how many of each. */
export function tally(answers: readonly Answer[]): Record<string, number> {
  const causes: Record<string, number> = {};
  for (const answer of answers) {
    if (isGood(answer) || isShed(answer)) continue;
    const name = answer.cause ?? `status ${answer.status}`;
    causes[name] = (causes[name] ?? 0) + 1;
  }
  return causes;
}
