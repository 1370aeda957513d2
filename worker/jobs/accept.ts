import type { CmsEvent, Deletion, Upload } from "../cms/kind.ts";
import type { Accepted } from "../schemas/assets.ts";
import { isKnown, record } from "../store/intake.ts";
import { addressOf } from "../store/row.ts";
import { enqueue, type JobsEnv } from "./queues.ts";

/** Verified events become rows, and rows that are new become messages. */
export async function accept(
  env: Pick<JobsEnv, "DB" | "TAGGING">,
  source: string,
  delivery: string | null,
  events: readonly CmsEvent[],
  now: number,
): Promise<Accepted> {
  if (events.length === 0) return { status: "ignored", assets: [] };
  const uploads = events.filter((event): event is Upload => event.type === "upload");
  const deletions = events.filter((event): event is Deletion => event.type === "delete");
  const assets = uploads.map(({ asset }) => addressOf(source, asset));
  if (delivery !== null && (await isKnown(env.DB, source, delivery)))
    return { status: "duplicate", assets };
  const jobs = await record(env.DB, source, delivery, uploads, deletions, now);
  await enqueue(env.TAGGING, jobs);
  if (jobs.length > 0) return { status: "accepted", assets };
  return uploads.length > 0 ? { status: "duplicate", assets } : { status: "erased", assets: [] };
}
