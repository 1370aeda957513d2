/** An open loop: requests leave at their time, whether or not earlier ones have been answered. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, isGood, isShed, tally } from "./send.ts";

/** What became of one request. */
interface Answered extends Answer {
  /** ms from when it was due, so that a late start counts as waiting. */
  ms: number;
}

/** One rate, held for some seconds. */
export interface Step {
  /** Requests a second: due, and answered well. */
  offered: number;
  achieved: number;
  requests: number;
  ok: number;
  /** 429 or 503 with Retry-After. */
  shed: number;
  /** All others, and what they were. */
  errors: number;
  causes: Record<string, number>;
  /** ms of those answered well. */
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

/** Sends `rate` requests a second for `seconds`, evenly; resolves when all are answered. */
export async function openLoop(
  rate: number,
  seconds: number,
  send: (turn: number) => Promise<Answer>,
): Promise<Step> {
  const count = Math.max(1, Math.round(rate * seconds));
  const start = performance.now();
  const answers: Promise<Answered>[] = [];
  for (let i = 0; i < count; i++) {
    const due = start + (i * 1000) / rate;
    const early = due - performance.now();
    if (early > 1) await sleep(early);
    answers.push(send(i).then((answer) => ({ ...answer, ms: performance.now() - due })));
  }
  const all = await Promise.all(answers);
  return summary(rate, all, (performance.now() - start) / 1000);
}

function summary(offered: number, answers: readonly Answered[], seconds: number): Step {
  const good = answers.filter(isGood);
  const shed = answers.filter(isShed);
  const times = good.map(({ ms }) => ms).sort((a, b) => a - b);
  const at = (q: number) => Math.round(times[Math.ceil(q * times.length) - 1] ?? Number.NaN);
  return {
    offered: round(offered),
    achieved: round(good.length / seconds),
    requests: answers.length,
    ok: good.length,
    shed: shed.length,
    errors: answers.length - good.length - shed.length,
    causes: tally(answers),
    ...{ p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) },
  };
}

export const round = (value: number): number => Math.round(value * 100) / 100;

/**
 * Saturated: answers pile up (the last comes long after the last was due), or some are turned away.
 * Below it nobody is.
 */
export function isSaturated({ offered, achieved, shed, errors }: Step): boolean {
  return shed + errors > 0 || achieved < 0.85 * offered;
}

/** For people. */
export function line(name: string, step: Step): string {
  const { offered, achieved, p50, p95, p99, shed, errors, causes } = step;
  const state = isSaturated(step) ? ", saturated" : "";
  const why = errors > 0 ? ` ${JSON.stringify(causes)}` : "";
  return `${name}: offered ${offered}/s, answered ${achieved}/s, p50 ${p50} p95 ${p95} p99 ${p99} ms, told to come back ${shed}, errors ${errors}${why}${state}`;
}
