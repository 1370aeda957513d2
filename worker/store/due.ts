import { patience } from "./intake.ts";
import type { Job } from "./row.ts";
import { held } from "./work.ts";

const longestWait = 3600_000;

/**
 * Rows whose message is overdue. Each time the wait doubles (it grows with the row's age), so that a
 * queue that is merely slow is not flooded with copies; a copy is harmless, the lease sees to that.
 */
export async function takeDue(db: D1Database, limit: number, now: number): Promise<Job[]> {
  const { results } = await db
    .prepare(
      `UPDATE assets SET due_at = ?1 + min(max(?1 - queued_at, ?2), ?3)
       WHERE seq IN (SELECT seq FROM assets WHERE due_at <= ?1 AND NOT ${held} ORDER BY due_at LIMIT ?4)
       RETURNING source, asset, generation`,
    )
    .bind(now, patience, longestWait, limit)
    .all<Job>();
  return results;
}

/** Up to when the source has been swept; null before the first time. */
export async function sweptAt(db: D1Database, source: string): Promise<number | null> {
  return db
    .prepare("SELECT swept_at FROM sweeps WHERE source = ?")
    .bind(source)
    .first<number>("swept_at");
}

export async function setSwept(db: D1Database, source: string, now: number): Promise<void> {
  await db
    .prepare("INSERT INTO sweeps VALUES (?1, ?2) ON CONFLICT (source) DO UPDATE SET swept_at = ?2")
    .bind(source, now)
    .run();
}
