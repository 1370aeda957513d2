import { patience } from "./intake.ts";
import type { Job, Row } from "./row.ts";

/** How long one attempt may hold a row: fetching, tagging and writing back, with room to spare. */
export const leaseTime = 120_000;
/** Attempts that may die without a caught error: the CPU or memory limit skips every catch. */
export const maxDeaths = 3;

/** SQL: a row of a walk that is paused or cancelled. Nobody begins an attempt at it. */
export const held = `EXISTS (SELECT 1 FROM backfills WHERE backfills.id = assets.backfill
  AND backfills.status IN ('paused', 'cancelled'))`;

/** A row held for one attempt. */
export interface Held {
  row: Row;
  lease: string;
}

export type Claim =
  | ({ type: "claimed" } & Held)
  /** Nothing to do: erased, superseded, finished, or its walk is paused. */
  | { type: "void" }
  /** Somebody else works on it, or on another asset of the same parent. */
  | { type: "busy"; until: number }
  | { type: "exhausted" };

/** Takes a row for one attempt and counts the attempt BEFORE its work begins. */
export async function claim(db: D1Database, job: Job, now: number): Promise<Claim> {
  // A repeated call finds its own lease and counts once.
  const lease = crypto.randomUUID();
  const row = await db
    .prepare(
      `UPDATE assets SET attempts = attempts + (lease IS NOT ?1), lease = ?1, lease_until = ?2, due_at = ?3, updated_at = ?4
       WHERE source = ?5 AND asset = ?6 AND generation = ?7 AND due_at IS NOT NULL
         AND (lease = ?1 OR ((lease_until IS NULL OR lease_until <= ?4) AND attempts - failures < ?8))
         AND NOT ${held}
         AND NOT EXISTS (
           SELECT 1 FROM assets AS sibling
           WHERE sibling.source = assets.source AND sibling.parent = assets.parent
             AND sibling.asset <> assets.asset AND sibling.lease_until > ?4)
       RETURNING *`,
    )
    .bind(
      lease,
      now + leaseTime,
      now + leaseTime + patience,
      now,
      job.source,
      job.asset,
      job.generation,
      maxDeaths,
    )
    .first<Row>();
  return row === null ? whyNot(db, job, now) : { type: "claimed", row, lease };
}

async function whyNot(db: D1Database, job: Job, now: number): Promise<Claim> {
  const row = await db
    .prepare(
      `SELECT * FROM assets WHERE source = ? AND asset = ? AND generation = ? AND due_at IS NOT NULL
         AND NOT ${held}`,
    )
    .bind(job.source, job.asset, job.generation)
    .first<Row>();
  if (row === null) return { type: "void" };
  if (row.lease_until !== null && row.lease_until > now)
    return { type: "busy", until: row.lease_until };
  if (row.attempts - row.failures >= maxDeaths) return { type: "exhausted" };
  // A sibling's attempt usually takes seconds, not its whole lease.
  return { type: "busy", until: now + 5_000 };
}

/** Extends a lease before the write-back; false where the row was erased or started anew meanwhile. */
export async function renew(db: D1Database, held: Held, now: number): Promise<boolean> {
  return update(db, held, "lease_until = ?, due_at = ?", [
    now + leaseTime,
    now + leaseTime + patience,
  ]);
}

/** Stores tags. With `rest`, nothing more is to be done: the source does not write back. */
export async function saveTags(
  db: D1Database,
  held: Held,
  saved: { content: string; model: string; tags: string; rest: boolean },
  now: number,
): Promise<boolean> {
  const fields = `status = 'tagged', reason = NULL, detail = NULL, content = ?, model = ?, tags = ?, updated_at = ?`;
  return update(db, held, saved.rest ? `${fields}, ${resting}` : fields, [
    saved.content,
    saved.model,
    saved.tags,
    now,
  ]);
}

/** Tags that the same model gave the same bytes, in whatever row. */
export function tagsOf(db: D1Database, content: string, model: string): Promise<string | null> {
  const sql =
    "SELECT tags FROM assets WHERE content = ? AND model = ? AND tags IS NOT NULL LIMIT 1";
  return db.prepare(sql).bind(content, model).first<string>("tags");
}

/** The tags stand in the CMS. */
export async function saveWritten(
  db: D1Database,
  held: Held,
  wrote: string,
  now: number,
): Promise<boolean> {
  const fields = "status = 'written', reason = NULL, detail = NULL, wrote = ?, updated_at = ?";
  return update(db, held, `${fields}, ${resting}`, [wrote, now]);
}

/** Why a row is not further. */
export interface Reason {
  reason: string;
  detail: string;
}

/** An attempt failed and said so; the row is due again after `wait` milliseconds. */
export async function saveFailure(
  db: D1Database,
  held: Held,
  why: Reason,
  wait: number,
  now: number,
): Promise<boolean> {
  const fields = `failures = failures + 1, reason = ?, detail = ?, updated_at = ?,
    lease = NULL, lease_until = NULL, due_at = ?`;
  return update(db, held, fields, [why.reason, why.detail, now, now + wait + patience]);
}

/** Gives a row back as if it had not been taken; it is due again after `wait` milliseconds. */
export async function release(
  db: D1Database,
  held: Held,
  wait: number,
  now: number,
): Promise<boolean> {
  const fields = `attempts = attempts - 1, updated_at = ?, lease = NULL, lease_until = NULL, due_at = ?`;
  return update(db, held, fields, [now, now + wait + patience]);
}

/** Gives a row up, whoever holds it; only `retry` or a new file starts it anew. */
export async function saveFailed(
  db: D1Database,
  job: Job,
  why: Reason,
  now: number,
): Promise<void> {
  await db
    .prepare(
      `UPDATE assets SET status = 'failed', reason = ?, detail = ?, updated_at = ?, ${resting}
       WHERE source = ? AND asset = ? AND generation = ? AND due_at IS NOT NULL`,
    )
    .bind(why.reason, why.detail, now, job.source, job.asset, job.generation)
    .run();
}

/** Tags of every tagged asset with the same parent. */
export async function family(db: D1Database, row: Row): Promise<Pick<Row, "asset" | "tags">[]> {
  if (row.parent === null) return [];
  const { results } = await db
    .prepare(
      `SELECT asset, tags FROM assets
       WHERE source = ? AND parent = ? AND status IN ('tagged', 'written') ORDER BY seq`,
    )
    .bind(row.source, row.parent)
    .all<Pick<Row, "asset" | "tags">>();
  return results;
}

const resting = "lease = NULL, lease_until = NULL, due_at = NULL";

/** Every change by an attempt names its lease: one that lost it changes nothing. */
async function update(
  db: D1Database,
  held: Held,
  fields: string,
  values: (string | number)[],
): Promise<boolean> {
  const { source, asset, generation } = held.row;
  const { meta } = await db
    .prepare(
      `UPDATE assets SET ${fields} WHERE source = ? AND asset = ? AND generation = ? AND lease = ?`,
    )
    .bind(...values, source, asset, generation, held.lease)
    .run();
  return meta.changes > 0;
}
