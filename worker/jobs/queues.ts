import type { Env } from "../app.ts";
import type { Job } from "../store/row.ts";
import type { Step } from "./backfill.ts";

/** Queue names, as in wrangler.toml. */
export const queueNames = {
  tagging: "hemline-tagging",
  deadLetters: "hemline-dead-letters",
  r2Events: "hemline-r2-events",
  backfills: "hemline-backfills",
} as const;

/** What the webhooks' half of the Worker is bound to, beside the variables of every source. */
export interface JobsEnv extends Env, Record<string, unknown> {
  DB: D1Database;
  TAGGING: Queue<Job>;
  DEAD_LETTERS: Queue<DeadLetter>;
  /** Where R2 notifies; sent to from here in development only. */
  R2_EVENTS: Queue;
  /** The steps of walks over buckets. */
  BACKFILLS: Queue<Step>;
  /** A secret: reads, repeats and erases rows of `/v1/assets`, and runs backfills. */
  HEMLINE_ADMIN_TOKEN?: string;
}

/** A job that was given up, with the reason that also stands in its row. */
export interface DeadLetter extends Job {
  reason?: string;
}

/** Queues take at most a hundred messages at once. */
const batchSize = 100;

/**
 * Sends jobs to the consumer. A failure here loses nothing: the rows stand in D1 and the sweep sends
 * them again, so a webhook is accepted even while the queue is down.
 */
export async function enqueue(queue: Queue<Job>, jobs: readonly Job[]): Promise<void> {
  for (let start = 0; start < jobs.length; start += batchSize) {
    try {
      await queue.sendBatch(jobs.slice(start, start + batchSize).map((body) => ({ body })));
    } catch (error) {
      console.error("The queue took no message; the sweep will send it again.", error);
    }
  }
}
