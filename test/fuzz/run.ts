import { preprocess } from "../../model/preprocess.ts";
import { HemlineError } from "../../worker/errors.ts";
import { decode } from "../../worker/image/decode.ts";
import { prepare } from "../../worker/image/prepare.ts";
import { sniff } from "../../worker/image/sniff.ts";
import { mutate } from "./mutate.ts";

/** A case that takes longer is a hang. */
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
 * Feeds mutated pictures to the path from bytes to the network's input. Case n is picture
 * n modulo their number, mutated by seed `first + n`. Throws for the first case that neither gives
 * an input nor a `HemlineError` of 4xx, or that hangs.
 */
export async function fuzz(
  pictures: Record<string, Uint8Array>,
  first: number,
  goOn: Until,
): Promise<Tally> {
  const names = Object.keys(pictures).sort();
  const tally: Tally = { cases: 0, decoded: 0, refused: {}, slowest: { ms: 0, name: "", seed: 0 } };
  for (; goOn(tally.cases); tally.cases++) {
    const name = names[tally.cases % names.length] as string;
    const seed = first + tally.cases;
    const { bytes, steps } = mutate(pictures[name] as Uint8Array, seed);
    const began = performance.now();
    const code = await outcome(bytes).catch((error: unknown) => {
      throw new Error(`${name}, seed ${seed}, ${steps}: ${error}`, { cause: error });
    });
    const ms = performance.now() - began;
    if (ms > HANG_MS) throw new Error(`${name}, seed ${seed}, ${steps}: ${ms.toFixed(0)} ms`);
    if (ms > tally.slowest.ms) tally.slowest = { ms, name, seed };
    if (code === undefined) tally.decoded++;
    else tally.refused[code] = (tally.refused[code] ?? 0) + 1;
  }
  return tally;
}

/** The refusal's code, or nothing for a picture that could be read. */
async function outcome(bytes: Uint8Array): Promise<string | undefined> {
  try {
    const header = sniff(bytes);
    const square = prepare(await decode(bytes, header), header.orientation);
    const { size } = preprocess;
    if (square.length !== size * size * 3) throw new Error(`a square of ${square.length} bytes`);
    return undefined;
  } catch (error) {
    if (error instanceof HemlineError && error.status >= 400 && error.status < 500)
      return error.code;
    throw error;
  }
}
