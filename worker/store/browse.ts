import { patience } from "./intake.ts";
import type { Job, Row, Status } from "./row.ts";

export interface Filter {
  source?: string | undefined;
  status?: Status | undefined;
  /** Rows that this walk over a bucket brought. */
  backfill?: string | undefined;
  /** Rows tagged by a model other than this one. */
  notModel?: string | undefined;
  /** Only rows older than this one (`seq`). */
  before?: number | undefined;
  limit: number;
}

export async function find(db: D1Database, source: string, asset: string): Promise<Row | null> {
  return db
    .prepare("SELECT * FROM assets WHERE source = ? AND asset = ?")
    .bind(source, asset)
    .first<Row>();
}

/** Newest first; pages stay stable while rows change, because `seq` never does. */
export async function list(db: D1Database, filter: Filter): Promise<Row[]> {
  const { where, values } = conditions(filter);
  const { results } = await db
    .prepare(`SELECT * FROM assets ${where} ORDER BY seq DESC LIMIT ?`)
    .bind(...values, filter.limit)
    .all<Row>();
  return results;
}

export async function erase(db: D1Database, source: string, asset: string): Promise<boolean> {
  const sql = "DELETE FROM assets WHERE source = ? AND asset = ?";
  return (await db.prepare(sql).bind(source, asset).run()).meta.changes > 0;
}

/** A job and its row's place in the list. */
type Restarted = Job & { seq: number };

/** Starts rows anew, whatever their state, and answers their jobs. */
export async function restart(db: D1Database, filter: Filter, now: number): Promise<Restarted[]> {
  const { where, values } = conditions(filter);
  const chosen = `seq IN (SELECT seq FROM assets ${where} ORDER BY seq DESC LIMIT ?)`;
  return restartWhere(db, chosen, [...values, filter.limit], now);
}

export async function restartOne(
  db: D1Database,
  source: string,
  asset: string,
  now: number,
): Promise<Job | undefined> {
  const [restarted] = await restartWhere(db, "source = ? AND asset = ?", [source, asset], now);
  if (restarted === undefined) return undefined;
  const { seq: _, ...job } = restarted;
  return job;
}

async function restartWhere(
  db: D1Database,
  where: string,
  values: (string | number)[],
  now: number,
): Promise<Restarted[]> {
  const { results } = await db
    .prepare(
      `UPDATE assets SET generation = generation + 1, status = 'pending', reason = NULL, detail = NULL,
         attempts = 0, failures = 0, lease = NULL, lease_until = NULL, queued_at = ?, due_at = ?, updated_at = ?
       WHERE ${where} RETURNING source, asset, generation, seq`,
    )
    .bind(now, now + patience, now, ...values)
    .all<Restarted>();
  return results;
}

function conditions({ source, status, backfill, notModel, before }: Filter): {
  where: string;
  values: (string | number)[];
} {
  const parts: [string, string | number][] = [];
  if (source !== undefined) parts.push(["source = ?", source]);
  if (status !== undefined) parts.push(["status = ?", status]);
  if (backfill !== undefined) parts.push(["backfill = ?", backfill]);
  if (notModel !== undefined) parts.push(["model <> ?", notModel]);
  if (before !== undefined) parts.push(["seq < ?", before]);
  const where = parts.length === 0 ? "" : `WHERE ${parts.map(([sql]) => sql).join(" AND ")}`;
  return { where, values: parts.map(([, value]) => value) };
}
