import type { Tags } from "../../schemas/tags.ts";
import { Problem } from "../words/problems.ts";
import { partExplained } from "./explain.ts";
import { keepKey, readKey } from "./key.ts";
import type { Answer, Wish } from "./tagging.ts";

/** Asks the person for a key; undefined where none is given. `refused`: the last one was wrong. */
export type AskKey = (refused: boolean) => Promise<string | undefined>;

const ADDRESS = "/v1/tags";
/** Ids alone: the page names them itself, and a change of language asks for nothing. */
const NO_LANGUAGE = "*";

/** Tags by the API, asking for a key where it wants one. */
export function onTheEdge(askKey: AskKey) {
  // Pictures that are refused at the same time ask once.
  let asking: Promise<string | undefined> | undefined;
  const ask = (refused: boolean) => {
    asking ??= askKey(refused).finally(() => {
      asking = undefined;
    });
    return asking;
  };
  return async (file: Blob, wish: Wish): Promise<Answer> => {
    for (;;) {
      const key = readKey();
      const answer = await send(file, key, wish);
      if (!(answer instanceof Problem)) return answer;
      if (answer.code !== "unauthorized") throw answer;
      // Another picture may have brought a key meanwhile.
      if (readKey() !== key) continue;
      keepKey(undefined);
      const given = await ask(key !== undefined);
      if (given === undefined) throw answer;
      keepKey(given);
    }
  };
}

async function send(
  body: Blob,
  key: string | undefined,
  { explain, signal }: Wish,
): Promise<Answer | Problem> {
  // A file is a picture or nothing: one of another type must not be taken for JSON or a form.
  const headers = new Headers({
    "accept-language": NO_LANGUAGE,
    "content-type": "application/octet-stream",
  });
  if (key !== undefined) headers.set("authorization", `Bearer ${key}`);
  const address = explain ? `${ADDRESS}?explain=heatmap` : ADDRESS;
  const start = performance.now();
  const response = await fetch(address, { method: "POST", body, headers, signal }).catch(
    (error) => {
      throw signal.aborted ? error : new Problem("offline");
    },
  );
  if (!response.ok) return problemOf(response);
  const said = (await response.json().catch(() => {
    throw new Problem("no_answer");
  })) as Tags;
  return { ...partExplained(said), place: "edge", ms: performance.now() - start };
}

/** The problem document of an answer (RFC 9457), or what can be said without one. */
async function problemOf(response: Response): Promise<Problem> {
  const said = (await response.json().catch(() => ({}))) as { code?: unknown; detail?: unknown };
  const wait = Number(response.headers.get("retry-after") ?? Number.NaN);
  const code = typeof said.code === "string" ? said.code : "no_answer";
  const detail = typeof said.detail === "string" ? said.detail : `HTTP ${response.status}`;
  return new Problem(code, detail, Number.isFinite(wait) ? wait : undefined);
}
