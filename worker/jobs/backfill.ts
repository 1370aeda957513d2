import {
  type Backfill,
  findBackfill,
  type Page,
  savePage,
  savePart,
  settledRows,
  takeDueOf,
  touch,
} from "../store/backfills.ts";
import { toJson } from "../store/row.ts";
import type { Workshop } from "./consume.ts";
import { enqueue, type JobsEnv } from "./queues.ts";

/** What a queue message of a walk says. */
export interface Step {
  backfill: string;
}

/** Keys per message: so that one invocation never runs long. */
export const PAGE = 100;
/** Rows that may wait for their turn before the walk waits for them. */
const BACKLOG = 500;
const WAIT_SECONDS = 10;
/** Results per file. */
const PART = 1000;

/** What is to come of the message: another step at once or later, or the walk rests. */
type Next = { seconds: number } | null;

/**
 * One step of a walk over a bucket: sends rows that wait, or reads the next page of keys, or writes a
 * file of results. D1 holds the truth: a step that is lost is repeated by the sweep, one that is
 * repeated changes nothing twice.
 */
export async function step({ backfill: id }: Step, env: JobsEnv, shop: Workshop): Promise<void> {
  const backfill = await findBackfill(env.DB, id);
  if (backfill === null) return;
  const next = await advance(backfill, env, shop);
  if (next === null) return;
  await touch(env.DB, id, next.seconds * 1000, shop.now());
  await sendStep(env, id, next.seconds);
}

/** A failure here loses nothing: the sweep sends the walk again. */
export async function sendStep(env: JobsEnv, backfill: string, seconds = 0): Promise<void> {
  try {
    await env.BACKFILLS.send({ backfill }, { delaySeconds: seconds });
  } catch (error) {
    console.error("The queue took no step of a backfill; the sweep will send it again.", error);
  }
}

async function advance(backfill: Backfill, env: JobsEnv, shop: Workshop): Promise<Next> {
  const { id, status, listing, pending, results, exported } = backfill;
  if (status === "running") {
    const waiting = await takeDueOf(env.DB, id, PAGE, shop.now());
    await enqueue(env.TAGGING, waiting);
    if (waiting.length === PAGE) return { seconds: 0 };
    if (listing === 1) {
      if (pending >= BACKLOG) return { seconds: WAIT_SECONDS };
      return readPage(backfill, env, shop);
    }
    return results === null ? null : { seconds: WAIT_SECONDS };
  }
  if (status === "done" && results !== null && exported !== null) return writePart(backfill, env);
  return null;
}

async function readPage(backfill: Backfill, env: JobsEnv, shop: Workshop): Promise<Next> {
  const bucket = shop.sources.get(backfill.source)?.source.bucket;
  // The source is gone from the configuration, perhaps for a moment.
  if (bucket === undefined) return { seconds: 60 };
  const { prefix, cursor } = backfill;
  const listed = await bucket.list({
    prefix,
    limit: PAGE,
    include: ["httpMetadata"],
    ...(cursor !== null && { startAfter: cursor }),
  });
  const objects = listed.objects.filter(mayBePicture);
  const page: Page = {
    after: cursor,
    cursor: listed.objects.at(-1)?.key ?? cursor,
    objects: objects.map(({ key, etag }) => ({ asset: key, identity: etag })),
    skipped: listed.objects.length - objects.length,
    last: !listed.truncated,
  };
  await enqueue(env.TAGGING, await savePage(env.DB, backfill, page, shop.now()));
  return page.last && backfill.results === null ? null : { seconds: 0 };
}

/** A type that says otherwise is believed, to spare the work; any other file shows by its bytes. */
function mayBePicture({ key, size, httpMetadata }: R2Object): boolean {
  const type = httpMetadata?.contentType;
  if (size === 0 || key.endsWith("/")) return false;
  return type === undefined || /^(image\/|application\/octet-stream)/.test(type);
}

/** One file `hemline/<id>/00001.ndjson` of results: a row as `GET /v1/assets` shows it, each a line. */
async function writePart(backfill: Backfill, env: JobsEnv): Promise<Next> {
  const bucket = env[backfill.results ?? ""] as R2Bucket | undefined;
  if (bucket === undefined) return { seconds: 60 };
  const rows = await settledRows(env.DB, backfill, PART);
  const lines = rows.map((row) => `${JSON.stringify(toJson(row))}\n`).join("");
  const number = String(backfill.parts + 1).padStart(5, "0");
  const httpMetadata = { contentType: "application/x-ndjson" };
  await bucket.put(`hemline/${backfill.id}/${number}.ndjson`, lines, { httpMetadata });
  const end = rows.length < PART ? null : (rows.at(-1)?.seq ?? null);
  await savePart(env.DB, backfill, end, Date.now());
  return end === null ? null : { seconds: 0 };
}
