/** An open loop: requests leave at their time, whether or not earlier ones have been answered. */
import { setTimeout as sleep } from "node:timers/promises";

/** What became of one request. */
export interface Answered {
  /** ms from when it was due, so that a late start counts as waiting. */
  ms: number;
  /** 0: no answer at all. */
  status: number;
  retryAfter: boolean;
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
  errors: number;
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
  send: (turn: number) => Promise<Omit<Answered, "ms">>,
): Promise<Step> {
  const count = Math.max(1, Math.round(rate * seconds));
  const start = performance.now();
  const answers: Promise<Answered>[] = [];
  for (let i = 0; i < count; i++) {
    const due = start + (i * 1000) / rate;
    const early = due - performance.now();
    if (early > 1) await sleep(early);
    answers.push(
      send(i)
        .catch(() => ({ status: 0, retryAfter: false }))
        .then((answer) => ({ ...answer, ms: performance.now() - due })),
    );
  }
  const all = await Promise.all(answers);
  return summary(rate, all, (performance.now() - start) / 1000);
}

function summary(offered: number, answers: readonly Answered[], seconds: number): Step {
  const good = answers.filter(({ status }) => status >= 200 && status < 300);
  const shed = answers.filter(
    ({ status, retryAfter }) => [429, 503].includes(status) && retryAfter,
  );
  const times = good.map(({ ms }) => ms).sort((a, b) => a - b);
  const at = (q: number) => Math.round(times[Math.ceil(q * times.length) - 1] ?? Number.NaN);
  return {
    offered: round(offered),
    achieved: round(good.length / seconds),
    requests: answers.length,
    ok: good.length,
    shed: shed.length,
    errors: answers.length - good.length - shed.length,
    ...{ p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) },
  };
}

const round = (value: number): number => Math.round(value * 100) / 100;

/**
 * Saturated: answers pile up (the last comes long after the last was due), or some are turned away.
 * Below it nobody is.
 */
export function isSaturated({ offered, achieved, shed, errors }: Step): boolean {
  return shed + errors > 0 || achieved < 0.85 * offered;
}
