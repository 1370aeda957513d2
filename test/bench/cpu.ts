import { readFileSync } from "node:fs";

/** Linux counts CPU time in ticks of 10 ms (USER_HZ), whatever the kernel's own clock. */
const TICK_MS = 10;

/** CPU time that a process has used, all threads, user and system, in ms (proc(5), fields 14, 15). */
export function cpuTime(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}
