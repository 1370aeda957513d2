import type { Deletion, Upload } from "../cms/kind.ts";
import type { Job } from "./row.ts";

/** How long a row waits for its message before the sweep suspects that the queue lost it. */
export const patience = 60_000;
/** Deliveries are remembered longer than any sender repeats them. */
const memory = 45 * 24 * 3600_000;

/** Whether this delivery has been accepted before. */
export async function isKnown(db: D1Database, source: string, delivery: string): Promise<boolean> {
  const sql = "SELECT 1 FROM deliveries WHERE source = ? AND delivery = ?";
  return (await db.prepare(sql).bind(source, delivery).first()) !== null;
}

/**
 * Records a delivery and its work in ONE transaction, so that a delivery is never remembered without
 * it. Answers the jobs that are new: an upload whose file the row already names is none.
 */
export async function record(
  db: D1Database,
  source: string,
  delivery: string | null,
  uploads: readonly Upload[],
  deletions: readonly Deletion[],
  now: number,
): Promise<Job[]> {
  const statements = [
    ...deletions.map((deletion) => erasing(db, source, deletion)),
    ...uploads.map((upload) => upserting(db, source, upload, now)),
  ];
  if (delivery !== null) {
    statements.push(
      db.prepare("INSERT OR IGNORE INTO deliveries VALUES (?, ?, ?)").bind(source, delivery, now),
    );
  }
  if (statements.length === 0) return [];
  const answers = await db.batch<Job>(statements);
  return answers
    .slice(deletions.length, deletions.length + uploads.length)
    .flatMap(({ results }) => results);
}

function upserting(
  db: D1Database,
  source: string,
  upload: Upload,
  now: number,
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO assets (source, asset, identity, parent, ref, queued_at, due_at, created_at, updated_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?6, ?6)
       ON CONFLICT (source, asset) DO UPDATE SET
         identity = excluded.identity, parent = excluded.parent, ref = excluded.ref, backfill = NULL,
         generation = generation + 1, status = 'pending', reason = NULL, detail = NULL,
         attempts = 0, failures = 0, lease = NULL, lease_until = NULL,
         queued_at = excluded.queued_at, due_at = excluded.due_at, updated_at = excluded.updated_at
       WHERE assets.identity <> excluded.identity OR (?8 AND assets.status <> 'pending')
         OR (assets.due_at IS NOT NULL AND assets.backfill IN (SELECT id FROM backfills WHERE status = 'cancelled'))
       RETURNING source, asset, generation`,
    )
    .bind(
      source,
      upload.asset,
      upload.identity,
      upload.parent ?? null,
      JSON.stringify(upload.ref),
      now,
      now + patience,
      upload.replaced === true ? 1 : 0,
    );
}

function erasing(db: D1Database, source: string, deletion: Deletion): D1PreparedStatement {
  return "asset" in deletion
    ? db.prepare("DELETE FROM assets WHERE source = ? AND asset = ?").bind(source, deletion.asset)
    : db
        .prepare("DELETE FROM assets WHERE source = ? AND parent = ?")
        .bind(source, deletion.parent);
}

/** Forgets deliveries that no sender can repeat any more. */
export async function forget(db: D1Database, now: number): Promise<void> {
  await db
    .prepare("DELETE FROM deliveries WHERE received_at < ?")
    .bind(now - memory)
    .run();
}
