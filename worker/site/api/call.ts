import { Problem } from "../words/problems.ts";
import { forgetSecret, keepSecret, readSecret, type SecretName } from "./secrets.ts";

/** Asks the person; undefined where nothing is given. `refused`: the last one was wrong. */
export type Ask = (name: SecretName, refused: boolean) => Promise<string | undefined>;

export type Call = (path: string, init?: RequestInit) => Promise<Response>;

/**
 * Calls the API, asking for the secret `name` where it wants one. Throws `Problem` for every answer
 * that is not one, and the signal's reason when it is stopped.
 */
export function caller(name: SecretName, ask: Ask): Call {
  // Calls that are refused at the same time ask once.
  let asking: Promise<string | undefined> | undefined;
  const askOnce = (refused: boolean) => {
    asking ??= ask(name, refused).finally(() => {
      asking = undefined;
    });
    return asking;
  };
  return async (path, init = {}) => {
    for (;;) {
      const secret = readSecret(name);
      const response = await send(path, init, secret);
      if (response.ok) return response;
      const problem = await problemOf(response);
      if (problem.code !== "unauthorized") throw problem;
      // Another call may have brought one meanwhile.
      if (readSecret(name) !== secret) continue;
      forgetSecret(name);
      const given = await askOnce(secret !== undefined);
      if (given === undefined) throw problem;
      keepSecret(name, given);
    }
  };
}

async function send(path: string, init: RequestInit, secret: string | undefined) {
  const headers = new Headers(init.headers);
  if (secret !== undefined) headers.set("authorization", `Bearer ${secret}`);
  try {
    return await fetch(path, { ...init, headers });
  } catch (error) {
    throw init.signal?.aborted ? error : new Problem("offline");
  }
}

/** The problem document of an answer (RFC 9457), or what can be said without one. */
async function problemOf(response: Response): Promise<Problem> {
  const said = (await response.json().catch(() => ({}))) as { code?: unknown; detail?: unknown };
  const wait = Number(response.headers.get("retry-after") ?? Number.NaN);
  const code = typeof said.code === "string" ? said.code : "no_answer";
  const detail = typeof said.detail === "string" ? said.detail : `HTTP ${response.status}`;
  return new Problem(code, detail, Number.isFinite(wait) ? wait : undefined);
}

/** An answer's JSON. Throws `no_answer` where it is none. */
export async function jsonOf<T>(response: Response): Promise<T> {
  try {
    return (await response.json()) as T;
  } catch {
    throw new Problem("no_answer");
  }
}
