export const statuses = ["pending", "tagged", "written", "failed"] as const;
export type Status = (typeof statuses)[number];

/** A row of `assets`. Times are milliseconds since the epoch. */
export interface Row {
  seq: number;
  source: string;
  asset: string;
  identity: string;
  generation: number;
  parent: string | null;
  /** JSON of a `Ref`. */
  ref: string;
  status: Status;
  reason: string | null;
  detail: string | null;
  attempts: number;
  failures: number;
  lease: string | null;
  lease_until: number | null;
  queued_at: number;
  due_at: number | null;
  content: string | null;
  model: string | null;
  /** JSON of `Tags`. */
  tags: string | null;
  /** JSON of `Wrote`. */
  wrote: string | null;
  /** The walk over a bucket that brought it. */
  backfill: string | null;
  created_at: number;
  updated_at: number;
}

/** What a queue message says: which row, and for which of its generations. */
export interface Job {
  source: string;
  asset: string;
  generation: number;
}

/** A row's address; ids may contain anything, `/` included. */
export const addressOf = (source: string, asset: string): string =>
  `/v1/assets/${source}/${encodeURIComponent(asset)}`;

/** A row as the API shows it. */
export function toJson(row: Row): Record<string, unknown> {
  const settled = row.status === "tagged" || row.status === "written";
  return {
    source: row.source,
    id: row.asset,
    href: addressOf(row.source, row.asset),
    status: row.status,
    ...(row.reason === null ? {} : { reason: row.reason, detail: row.detail }),
    attempts: row.attempts,
    // Tags of the file before this one are not shown as this one's.
    ...(settled && row.tags !== null ? { tags: JSON.parse(row.tags) } : {}),
    created_at: new Date(row.created_at).toISOString(),
    updated_at: new Date(row.updated_at).toISOString(),
  };
}
