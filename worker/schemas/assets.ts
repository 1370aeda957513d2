import { z } from "zod";
import { statuses } from "../store/row.ts";
import { Tags } from "./tags.ts";

/** Which rows of the work are meant. */
export const Filters = z.object({
  source: z.string().optional().describe("Of this source."),
  status: z.enum(statuses).optional().describe("In this state."),
  backfill: z.string().optional().describe("That this backfill brought."),
  stale_model: z
    .stringbool()
    .default(false)
    .describe("`true`: tagged by another model than the one that runs."),
  cursor: z.coerce
    .number()
    .int()
    .positive()
    .optional()
    .describe("The page after the one that gave this."),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe("Rows on a page."),
});

const address = z.string().describe("An asset's address.");
const cursor = z.string().nullable().describe("Leads to the next page; null on the last one.");

/** One asset's work. */
export const Asset = z
  .object({
    source: z.string(),
    id: z.string().describe("The CMS's own id."),
    href: address,
    status: z.enum(statuses),
    reason: z
      .string()
      .optional()
      .describe("Why it failed or waits: an error's code, or `resource_limit`."),
    detail: z.string().nullable().optional(),
    attempts: z.int().min(0),
    tags: Tags.optional().describe("Once it is tagged."),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: "Asset", description: "A picture that a CMS told of, and what became of it." });
export type Asset = z.infer<typeof Asset>;

export const AssetPage = z.object({ assets: z.array(Asset), cursor });
export type AssetPage = z.infer<typeof AssetPage>;
export const Restarted = z.object({ assets: z.array(address), cursor });

/** What a webhook, or a wish to start anew, is answered. */
export const Accepted = z
  .object({
    status: z
      .enum(["accepted", "duplicate", "ignored", "erased"])
      .describe("`duplicate`: seen before; `ignored`: no image upload; `erased`: a deletion."),
    assets: z.array(address),
  })
  .meta({ id: "Accepted" });
export type Accepted = z.infer<typeof Accepted>;
