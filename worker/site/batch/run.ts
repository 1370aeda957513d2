import type { Picture } from "../intake/files.ts";
import type { Answer, Tagging } from "../tagging/tagging.ts";
import { Problem, problemFrom } from "../words/problems.ts";

/** One picture of a batch and what has become of it. */
export interface Row extends Picture {
  state: "waiting" | "running" | "done" | "failed" | "stopped";
  answer?: Answer;
  problem?: Problem;
}

/** A Worker that is busy is asked again so many times. */
const RETRIES = 8;
const BUSY = new Set(["busy", "rate_limited"]);
/** Where the Worker does not say. */
const WAIT_SECONDS = 2;

/**
 * Tags all rows, `width` at a time, and tells of every change. A row that fails does not hold up the
 * others; when `signal` stops it, rows that are not done become `stopped`.
 */
export async function runBatch(
  rows: readonly Row[],
  tag: Tagging,
  width: number,
  signal: AbortSignal,
  changed: (row: Row) => void,
): Promise<void> {
  const waiting = rows.values();
  const lane = async () => {
    for (const row of waiting) {
      await runRow(row, tag, signal, changed);
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
}

async function runRow(
  row: Row,
  tag: Tagging,
  signal: AbortSignal,
  changed: (row: Row) => void,
): Promise<void> {
  const become = (state: Row["state"]) => {
    row.state = state;
    changed(row);
  };
  if (signal.aborted) return become("stopped");
  become("running");
  try {
    row.answer = await patiently(() => tag(row.file, { explain: false, signal }), signal);
    become("done");
  } catch (error) {
    if (signal.aborted) return become("stopped");
    row.problem = problemFrom(error);
    become("failed");
  }
}

async function patiently(tag: () => Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  for (let tried = 0; ; tried++) {
    try {
      return await tag();
    } catch (error) {
      const busy = error instanceof Problem && BUSY.has(error.code);
      if (!busy || tried === RETRIES) throw error;
      await sleep((error.retryAfter ?? WAIT_SECONDS) * 1000, signal);
    }
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
