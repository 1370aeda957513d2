import { median } from "./cpu.ts";

export interface Contender {
  name: string;
  /** Once more; what is measured. */
  run(): void | Promise<void>;
}

/** Medians, in ms of one run. */
export interface Times {
  /** CPU time of this thread: what a busy machine disturbs least. */
  cpu: number;
  wall: number;
}

const WARM_MS = 300;

/**
 * Contenders in turn, `rounds` times over, each as often as fills about `slice` ms; medians over the
 * rounds. All have run for a while before anything counts: WASM starts in a slower compiler.
 */
export async function alternate(
  contenders: readonly Contender[],
  { rounds, slice }: { rounds: number; slice: number },
): Promise<Map<string, Times>> {
  const repeats = new Map<string, number>();
  for (const contender of contenders) repeats.set(contender.name, await warm(contender, slice));
  const samples = new Map(contenders.map(({ name }) => [name, [] as Times[]]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, run } of contenders) {
      const times = repeats.get(name) as number;
      const [cpu, wall] = [threadCpu(), performance.now()];
      for (let i = 0; i < times; i++) await run();
      samples.get(name)?.push({
        cpu: (threadCpu() - cpu) / times,
        wall: (performance.now() - wall) / times,
      });
    }
  }
  const middle = (of: Times[]): Times => ({
    cpu: median(of.map(({ cpu }) => cpu)),
    wall: median(of.map(({ wall }) => wall)),
  });
  return new Map([...samples].map(([name, of]) => [name, middle(of)]));
}

/** How often it runs in a slice, once warm. */
async function warm({ run }: Contender, slice: number): Promise<number> {
  const start = performance.now();
  let times = 0;
  for (; performance.now() - start < WARM_MS || times < 3; times++) await run();
  return Math.max(1, Math.round((slice * times) / (performance.now() - start)));
}

/** CPU time of this thread, in ms. */
function threadCpu(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
