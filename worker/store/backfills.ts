import { patience } from "./intake.ts";
import type { Job, Row } from "./row.ts";

export type BackfillStatus = "running" | "paused" | "cancelled" | "done";

/** A row of `backfills`; what the columns mean stands in the migration. */
export interface Backfill {
  id: string;
  source: string;
  bucket: string;
  prefix: string;
  results: string | null;
  status: BackfillStatus;
  cursor: string | null;
  listing: number;
  found: number;
  skipped: number;
  queued: number;
  pending: number;
  done: number;
  failed: number;
  exported: number | null;
  parts: number;
  since: number;
  since_finished: number;
  due_at: number | null;
  created_at: number;
  finished_at: number | null;
}

/** What is asked for when a walk begins. */
export type NewBackfill = Pick<Backfill, "source" | "bucket" | "prefix" | "results">;

export async function createBackfill(
  db: D1Database,
  { source, bucket, prefix, results }: NewBackfill,
  now: number,
): Promise<Backfill> {
  const row = await db
    .prepare(
      `INSERT INTO backfills (id, source, bucket, prefix, results, since, due_at, created_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?6) ON CONFLICT (id) DO UPDATE SET id = excluded.id RETURNING *`,
    )
    .bind(crypto.randomUUID(), source, bucket, prefix, results, now, now + patience)
    .first<Backfill>();
  if (row === null) throw new Error("D1 returned no row");
  return row;
}

export const findBackfill = (db: D1Database, id: string): Promise<Backfill | null> =>
  db.prepare("SELECT * FROM backfills WHERE id = ?").bind(id).first<Backfill>();

/** Newest first. */
export async function listBackfills(db: D1Database, limit: number): Promise<Backfill[]> {
  const sql = "SELECT * FROM backfills ORDER BY created_at DESC, id LIMIT ?";
  return (await db.prepare(sql).bind(limit).all<Backfill>()).results;
}

/** Holds a running walk: its rows stay as they are, no attempt begins. */
export async function pause(db: D1Database, id: string): Promise<void> {
  const sql = "UPDATE backfills SET status = 'paused' WHERE id = ? AND status = 'running'";
  await db.prepare(sql).bind(id).run();
}

/** Lets a paused walk go on: what waits is due at once. */
export async function resume(db: D1Database, id: string, now: number): Promise<void> {
  await db.batch([
    db
      .prepare(
        `UPDATE backfills SET status = 'running', since = ?2, since_finished = done + failed, due_at = ?3
         WHERE id = ?1 AND status = 'paused'`,
      )
      .bind(id, now, now + patience),
    db
      .prepare(
        `UPDATE assets SET due_at = ?2 WHERE backfill = ?1 AND due_at IS NOT NULL
         AND (lease_until IS NULL OR lease_until <= ?2)`,
      )
      .bind(id, now),
    finishing(db, id, now),
  ]);
}

/** Ends a walk for good; what no attempt has begun is forgotten, results stay. */
export async function cancel(db: D1Database, id: string, now: number): Promise<void> {
  await db.batch([
    db
      .prepare(
        `UPDATE backfills SET status = 'cancelled', finished_at = ?2, due_at = NULL
         WHERE id = ?1 AND status IN ('running', 'paused')`,
      )
      .bind(id, now),
    db
      .prepare(
        `DELETE FROM assets WHERE backfill = ?1 AND due_at IS NOT NULL AND lease IS NULL
         AND EXISTS (SELECT 1 FROM backfills WHERE id = ?1 AND status = 'cancelled')`,
      )
      .bind(id),
  ]);
}

/** An object of a bucket, and which version of it. */
export interface Found {
  asset: string;
  identity: string;
}

/** What one page of a bucket's list brought. */
export interface Page {
  /** The cursor it was read after, and the one after it. */
  after: string | null;
  cursor: string | null;
  objects: readonly Found[];
  skipped: number;
  last: boolean;
}

/**
 * Records a page and moves the cursor in ONE transaction; answers the jobs that are new. A page that is
 * read twice (two messages, a killed walk) brings nothing twice and moves the cursor once.
 */
export async function savePage(
  db: D1Database,
  { id, source }: Backfill,
  page: Page,
  now: number,
): Promise<Job[]> {
  const [brought] = await db.batch<Job>([
    db
      .prepare(
        `INSERT INTO assets (source, asset, identity, ref, queued_at, due_at, created_at, updated_at, backfill)
         SELECT ?1, value ->> 'asset', value ->> 'identity', '{}', ?2, ?3, ?2, ?2, ?4 FROM json_each(?5) WHERE true
         ON CONFLICT (source, asset) DO UPDATE SET
           identity = excluded.identity, ref = excluded.ref, backfill = excluded.backfill,
           generation = generation + 1, status = 'pending', reason = NULL, detail = NULL,
           attempts = 0, failures = 0, lease = NULL, lease_until = NULL,
           queued_at = excluded.queued_at, due_at = excluded.due_at, updated_at = excluded.updated_at
         WHERE assets.identity <> excluded.identity OR (assets.due_at IS NOT NULL
           AND assets.backfill IN (SELECT id FROM backfills WHERE status = 'cancelled'))
         RETURNING source, asset, generation`,
      )
      .bind(source, now, now + patience, id, JSON.stringify(page.objects)),
    db
      .prepare(
        `UPDATE backfills SET cursor = ?3, listing = ?4, found = found + ?5, skipped = skipped + ?6,
           due_at = CASE WHEN ?4 OR results IS NOT NULL THEN ?7 END
         WHERE id = ?1 AND cursor IS ?2 AND listing = 1 AND status IN ('running', 'paused')`,
      )
      .bind(
        id,
        page.after,
        page.cursor,
        page.last ? 0 : 1,
        page.objects.length + page.skipped,
        page.skipped,
        now + patience,
      ),
    finishing(db, id, now),
  ]);
  return brought?.results ?? [];
}

/** A walk is done when every key was read and no row of it is left to work on. */
function finishing(db: D1Database, id: string, now: number): D1PreparedStatement {
  return db
    .prepare(
      `UPDATE backfills SET status = 'done', finished_at = ?2
       WHERE id = ?1 AND status = 'running' AND listing = 0 AND pending = 0`,
    )
    .bind(id, now);
}

/** The walk is alive and will be driven within `wait` ms; the sweep waits longer than that. */
export async function touch(db: D1Database, id: string, wait: number, now: number): Promise<void> {
  const sql = "UPDATE backfills SET due_at = ?2 WHERE id = ?1 AND due_at IS NOT NULL";
  await db
    .prepare(sql)
    .bind(id, now + wait + patience)
    .run();
}

/** Rows of one walk whose message is overdue, after it was paused. */
export async function takeDueOf(
  db: D1Database,
  id: string,
  limit: number,
  now: number,
): Promise<Job[]> {
  const { results } = await db
    .prepare(
      `UPDATE assets SET due_at = ?2 WHERE seq IN
         (SELECT seq FROM assets WHERE backfill = ?1 AND due_at <= ?3 ORDER BY due_at LIMIT ?4)
       RETURNING source, asset, generation`,
    )
    .bind(id, now + patience, now, limit)
    .all<Job>();
  return results;
}

/** Walks whose own message is overdue: the queue lost it, or its consumer was killed. */
export async function takeDueBackfills(db: D1Database, now: number): Promise<string[]> {
  const { results } = await db
    .prepare(
      `UPDATE backfills SET due_at = ?1 + ?2
       WHERE due_at <= ?1 AND (status = 'running' OR status = 'done') RETURNING id`,
    )
    .bind(now, patience)
    .all<{ id: string }>();
  return results.map(({ id }) => id);
}

/** Settled rows of a walk after `seq`, oldest first, for its results. */
export async function settledRows(
  db: D1Database,
  { id, exported }: Backfill,
  limit: number,
): Promise<Row[]> {
  const { results } = await db
    .prepare(
      `SELECT * FROM assets WHERE backfill = ? AND due_at IS NULL AND seq > ? ORDER BY seq LIMIT ?`,
    )
    .bind(id, exported ?? 0, limit)
    .all<Row>();
  return results;
}

/** Notes a written file of results: up to which row, or null for the last. */
export async function savePart(
  db: D1Database,
  { id, parts }: Backfill,
  exported: number | null,
  now: number,
): Promise<void> {
  await db
    .prepare(
      `UPDATE backfills SET exported = ?3, parts = parts + 1, due_at = CASE WHEN ?3 IS NULL THEN NULL ELSE ?4 END
       WHERE id = ?1 AND parts = ?2`,
    )
    .bind(id, parts, exported, now + patience)
    .run();
}
