/** One pipeline at rising rates, until saturation and beyond. */
import { cpuTime } from "../cpu.ts";
import { rss, type Server } from "./memory.ts";
import { isSaturated, line, openLoop, round, type Step } from "./open-loop.ts";
import type { Bytes } from "./photographs.ts";
import { send } from "./send.ts";

const WARM_UPS = 200;
const SEQUENTIAL = 200;

export interface Capacity {
  /** Requests a second, one after another. */
  sequential: number;
  /** CPU time of workerd for one of these, in ms. */
  cpu_ms: number;
  /** The highest rate that was not saturation. */
  capacity: number;
  steps: (Step & { rss_mib: number })[];
}

/** `shares`: rates as shares of what one request after another gives. */
export async function capacityOf(
  name: string,
  worker: Server,
  pictures: readonly Bytes[],
  shares: readonly number[],
  seconds: number,
): Promise<Capacity> {
  const post = (turn: number) => {
    const body = pictures[turn % pictures.length];
    if (body === undefined) throw new Error("nothing to send");
    return send(`${worker.url}/v1/tags`, { method: "POST", body });
  };
  for (let i = 0; i < WARM_UPS; i++) {
    const { status, cause } = await post(i);
    if (status !== 200) throw new Error(`${name}: ${cause ?? status}, with nothing else to do`);
  }
  const { pid = 0 } = worker;
  const [start, before] = [performance.now(), cpuTime(pid)];
  for (let i = 0; i < SEQUENTIAL; i++) await post(i);
  const sequential = (SEQUENTIAL * 1000) / (performance.now() - start);
  const cpu_ms = round((cpuTime(pid) - before) / SEQUENTIAL);
  console.log(`${name}: ${round(sequential)} a second one after another, ${cpu_ms} ms of CPU each`);
  const steps: Capacity["steps"] = [];
  for (const share of shares) {
    const step = await openLoop(share * sequential, seconds, post);
    steps.push({ ...step, rss_mib: rss(worker) });
    console.log(`${line(name, step)}, ${rss(worker)} MiB`);
  }
  const below = steps.filter((step) => !isSaturated(step)).map(({ offered }) => offered);
  return { sequential: round(sequential), cpu_ms, capacity: Math.max(0, ...below), steps };
}
