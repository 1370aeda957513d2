import { z } from "zod";

/** Which bucket is walked. */
export const Order = z
  .strictObject({
    bucket: z.string().min(1).describe("A bucket that `SOURCES` has a source of."),
    prefix: z.string().max(1024).default("").describe("Only keys that begin so."),
    results: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]*$/, "is the name of an R2 binding")
      .nullable()
      .default(null)
      .describe("The R2 binding of another bucket that gets the results as NDJSON too."),
  })
  .meta({ id: "BackfillOrder" });
export type Order = z.input<typeof Order>;

const count = z.int().min(0);

/** A walk over a bucket, and how far it has come. */
export const BackfillInfo = z
  .object({
    id: z.string(),
    source: z.string(),
    bucket: z.string(),
    prefix: z.string(),
    results: z.string().nullable(),
    status: z.enum(["running", "paused", "cancelled", "done"]),
    listing: z.boolean().describe("Whether objects are still being found."),
    found: count.describe("Objects found so far."),
    skipped: count.describe("Those that are no pictures."),
    known: count.describe("Those whose version was tagged before."),
    pending: count,
    done: count,
    failed: count,
    rate: z.number().nullable().describe("Pictures a second; null while nothing can be said."),
    seconds_left: z.int().nullable().describe("An estimate; null while nothing can be said."),
    failures: z.string().describe("Where the failed ones are listed."),
    created_at: z.iso.datetime().nullable(),
    finished_at: z.iso.datetime().nullable(),
  })
  .meta({ id: "Backfill", description: "A bucket being tagged." });
export type BackfillInfo = z.infer<typeof BackfillInfo>;

export const BackfillList = z.object({ backfills: z.array(BackfillInfo) });
