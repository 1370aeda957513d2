import { median } from "./cpu.ts";

export interface Contender {
  name: string;
  /** Once more; what is measured. */
  run(): void | Promise<void>;
}

const WARM_MS = 300;
/** One look at the clock spans at least so much: it is too coarse for less. */
const LEAST_MS = 0.3;

interface Repeats {
  /** Runs between two looks at the clock. */
  batch: number;
  /** Looks in a round. */
  looks: number;
}

/**
 * Contenders in turn, `rounds` times over, each for about `slice` ms: ms of one run. In a round the
 * fastest run counts, which other processes did not interrupt; of the rounds, the median. All have run
 * for a while before: WASM starts in a slower compiler.
 */
export async function alternate(
  contenders: readonly Contender[],
  { rounds, slice }: { rounds: number; slice: number },
): Promise<Map<string, number>> {
  const repeats = new Map<string, Repeats>();
  for (const contender of contenders) repeats.set(contender.name, await warm(contender, slice));
  const samples = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) {
      const { batch, looks } = repeats.get(contender.name) as Repeats;
      let fastest = Number.POSITIVE_INFINITY;
      for (let i = 0; i < looks; i++) fastest = Math.min(fastest, await time(contender, batch));
      samples.get(contender.name)?.push(fastest / batch);
    }
  }
  return new Map([...samples].map(([name, times]) => [name, median(times)]));
}

async function time({ run }: Contender, times: number): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < times; i++) await run();
  return performance.now() - start;
}

async function warm(contender: Contender, slice: number): Promise<Repeats> {
  const start = performance.now();
  let fastest = Number.POSITIVE_INFINITY;
  for (let i = 0; performance.now() - start < WARM_MS || i < 5; i++) {
    fastest = Math.min(fastest, await time(contender, 1));
  }
  const batch = Math.max(1, Math.round(LEAST_MS / fastest));
  return { batch, looks: Math.max(3, Math.round(slice / (batch * fastest))) };
}
