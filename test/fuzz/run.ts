import { createApp } from "../../worker/app.ts";
import { ERRORS, type ErrorCode } from "../../worker/errors.ts";
import { Tags } from "../../worker/schemas/tags.ts";
import { hostFinding } from "../worker/tagger.ts";
import { mutate } from "./mutate.ts";

/** A case that takes more CPU time is a hang. */
const HANG_MS = 2000;

export interface Tally {
  cases: number;
  /** Mutated pictures that could be decoded nevertheless. */
  decoded: number;
  /** Refusals by code. */
  refused: Record<string, number>;
  slowest: { ms: number; name: string; seed: number };
}

/** Whether to go on, asked before each case. */
type Until = (cases: number) => boolean;

/**
 * Uploads mutated pictures to the Worker's app, a network that always finds the same behind it. Case n
 * is picture n modulo their number, mutated by seed `first + n`. Throws for the first case whose
 * answer is neither tags nor a problem of 4xx from the list of errors, or that hangs.
 */
export async function fuzz(
  pictures: Record<string, Uint8Array<ArrayBuffer>>,
  first: number,
  goOn: Until,
): Promise<Tally> {
  const names = Object.keys(pictures).sort();
  const tally: Tally = { cases: 0, decoded: 0, refused: {}, slowest: { ms: 0, name: "", seed: 0 } };
  // Before anything counts, every decoder is compiled.
  for (const name of names) await outcome(pictures[name] as Uint8Array<ArrayBuffer>);
  for (; goOn(tally.cases); tally.cases++) {
    const name = names[tally.cases % names.length] as string;
    const seed = first + tally.cases;
    const { bytes, steps } = mutate(pictures[name] as Uint8Array<ArrayBuffer>, seed);
    const began = process.cpuUsage();
    const code = await outcome(bytes).catch((error: unknown) => {
      throw new Error(`${name}, seed ${seed}, ${steps}: ${error}`, { cause: error });
    });
    const { user, system } = process.cpuUsage(began);
    const ms = (user + system) / 1000;
    if (ms > HANG_MS) throw new Error(`${name}, seed ${seed}, ${steps}: ${ms.toFixed(0)} ms`);
    if (ms > tally.slowest.ms) tally.slowest = { ms, name, seed };
    if (code === undefined) tally.decoded++;
    else tally.refused[code] = (tally.refused[code] ?? 0) + 1;
  }
  return tally;
}

/** Squares that the network was shown; nobody looks at them, so they are let go. */
const shown: Uint8Array[] = [];
const app = createApp(hostFinding({ category: { dress: 0.9 } }, shown));
const env = { HEMLINE_ENV: "development" };

/** The refusal's code, or nothing for a picture that could be read. */
async function outcome(bytes: Uint8Array<ArrayBuffer>): Promise<string | undefined> {
  const response = await app.request("/v1/tags", { method: "POST", body: bytes }, env);
  const { status, headers } = response;
  shown.length = 0;
  if (status === 200) {
    Tags.parse(await response.json());
    return undefined;
  }
  const { code } = (await response.json()) as { code: ErrorCode };
  const listed = ERRORS[code]?.[0] === status && status < 500;
  if (listed && headers.get("content-type") === "application/problem+json") return code;
  throw new Error(`answered ${status} ${code}`);
}
