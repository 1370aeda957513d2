import { pageSize } from "../cms/pages.ts";
import { apiOf } from "../cms/reach.ts";
import type { Configured } from "../cms/sources.ts";
import { takeDueBackfills } from "../store/backfills.ts";
import { setSwept, sweptAt, takeDue } from "../store/due.ts";
import { forget } from "../store/intake.ts";
import { accept } from "./accept.ts";
import { sendStep } from "./backfill.ts";
import type { Workshop } from "./consume.ts";
import { enqueue, type JobsEnv } from "./queues.ts";

/** Rows put back into the queue per run. */
const maxDue = 1000;
/** How far the first sweep of a source looks back, and each later one before the last. */
const firstLook = 24 * 3600_000;
const overlap = 15 * 60_000;

/**
 * The cron job: sends overdue rows and walks again, asks the CMSs that never repeat a lost delivery for what they
 * received lately, and forgets old deliveries. One source's failure does not keep the others waiting.
 */
export async function sweep(env: JobsEnv, shop: Workshop): Promise<void> {
  await enqueue(env.TAGGING, await takeDue(env.DB, maxDue, shop.now()));
  for (const id of await takeDueBackfills(env.DB, shop.now())) await sendStep(env, id);
  for (const configured of shop.sources.values()) {
    try {
      await sweepSource(configured, env, shop);
    } catch (error) {
      console.error(`The sweep of ${configured.source.name} failed.`, error);
    }
  }
  await forget(env.DB, shop.now());
}

async function sweepSource(configured: Configured, env: JobsEnv, shop: Workshop): Promise<void> {
  const { kind, source } = configured;
  if (kind.recent === undefined) return;
  const started = shop.now();
  const last = await sweptAt(env.DB, source.name);
  const since = last === null ? started - firstLook : last - overlap;
  const uploads = await kind.recent(since, source, apiOf(configured, shop.transport));
  for (let start = 0; start < uploads.length; start += pageSize) {
    await accept(env, source.name, null, uploads.slice(start, start + pageSize), started);
  }
  await setSwept(env.DB, source.name, started);
}
