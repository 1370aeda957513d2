import { z } from "zod";
import { Problem } from "./problem.ts";
import { Tags } from "./tags.ts";

/** Pictures in one batch. */
export const MAX_PICTURES = 16;

const index = z
  .int()
  .min(0)
  .describe(
    "Which picture: the place of its field in the form, or of its address in the list, from 0.",
  );

/** A batch by addresses. */
export const BatchUrls = z
  .strictObject({
    urls: z
      .array(z.string().max(2048))
      .min(1)
      .max(MAX_PICTURES)
      .describe("Where the pictures are, on hosts that the operator has listed."),
  })
  .meta({ id: "BatchUrls" });

/** One line of the answer: a picture's tags, or why there are none. */
export const BatchLine = z
  .union([z.object({ index, tags: Tags }), z.object({ index, problem: Problem })])
  .meta({ id: "BatchLine", description: "A picture's tags, or why it has none." });
export type BatchLine = z.infer<typeof BatchLine>;
