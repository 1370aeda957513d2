import { type Call, jsonOf } from "./call.ts";

export const ACTIONS = ["pause", "resume", "cancel"] as const;
export type Action = (typeof ACTIONS)[number];

/** A walk through a bucket, as `GET /v1/backfills` tells it (`worker/routes/backfills.ts`). */
export interface Backfill {
  id: string;
  source: string;
  bucket: string;
  prefix: string;
  status: string;
  /** More may be found yet. */
  listing: boolean;
  found: number;
  pending: number;
  done: number;
  failed: number;
  /** Pictures a second. */
  rate: number | null;
  seconds_left: number | null;
  created_at: string;
}

const PATH = "/v1/backfills";

export async function readBackfills(call: Call, signal: AbortSignal): Promise<Backfill[]> {
  return (await jsonOf<{ backfills: Backfill[] }>(await call(PATH, { signal }))).backfills;
}

export async function act(call: Call, { id }: Backfill, action: Action): Promise<void> {
  await call(`${PATH}/${encodeURIComponent(id)}/${action}`, { method: "POST" });
}
