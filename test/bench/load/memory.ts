import { readFileSync } from "node:fs";

/** A Worker and the process that runs it. */
export interface Server {
  url: string;
  pid: number | undefined;
}

/** Resident memory of the whole process, MiB: the isolate, V8, workerd itself. */
export function rss({ pid = 0 }: Pick<Server, "pid">): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Math.round(Number(/VmRSS:\s*(\d+)/.exec(status)?.[1]) / 102.4) / 10;
}
