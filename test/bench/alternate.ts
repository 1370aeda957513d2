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

/** Of one run, in ms, medians over the rounds. */
export interface Times {
  /** Wall time of a round's fastest run: right for runs that no other process interrupts (< 3 ms). */
  fastest: number;
  /** CPU time of this thread: right for any, where a slice is many clock ticks (4 ms) long. */
  cpu: number;
}

/**
 * Contenders in turn, `rounds` times over, each for about `slice` ms. All have run for a while before
 * anything counts: WASM starts in a slower compiler.
 */
export async function alternate(
  contenders: readonly Contender[],
  { rounds, slice }: { rounds: number; slice: number },
): Promise<Map<string, Times>> {
  const repeats = new Map<string, Repeats>();
  for (const contender of contenders) repeats.set(contender.name, await warm(contender, slice));
  const samples = new Map(contenders.map(({ name }) => [name, [] as Times[]]));
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) {
      const { batch, looks } = repeats.get(contender.name) as Repeats;
      const before = threadCpu();
      let fastest = Number.POSITIVE_INFINITY;
      for (let i = 0; i < looks; i++) fastest = Math.min(fastest, await time(contender, batch));
      const cpu = (threadCpu() - before) / (looks * batch);
      samples.get(contender.name)?.push({ fastest: fastest / batch, cpu });
    }
  }
  const middle = (of: readonly Times[]): Times => ({
    fastest: median(of.map(({ fastest }) => fastest)),
    cpu: median(of.map(({ cpu }) => cpu)),
  });
  return new Map([...samples].map(([name, of]) => [name, middle(of)]));
}

function threadCpu(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
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
