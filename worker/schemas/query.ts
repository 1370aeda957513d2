import { z } from "zod";
import { LANGUAGES } from "../../model/names.ts";
import { MAP_NAME } from "../maps/maps.ts";
import { MAX_TOP } from "../rank.ts";

/** Digits only: `Number` takes more for a number than a caller means. */
const wholeNumber = (text: unknown): unknown =>
  typeof text === "string" && /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;

const topError = `is a whole number from 1 to ${MAX_TOP}`;

/** What may be asked of a tagging, in its query. */
export const TagQuery = z.object({
  top: z
    .preprocess(wholeNumber, z.int(topError).min(1, topError).max(MAX_TOP, topError))
    .optional()
    .meta({
      description:
        "So many of the category and of each group, the best ones, whatever they score; without it those above their thresholds.",
      example: 3,
    }),
  lang: z
    .enum(LANGUAGES, `is one of ${LANGUAGES.join(", ")}`)
    .optional()
    .meta({
      description:
        "Adds each label's name in this language; ids stay as they are. Without it Accept-Language decides, and where that names none of these there are no names.",
      example: "ko",
    }),
  map: z
    .string()
    .regex(MAP_NAME, "is a map's name: a letter, then a-z, 0-9 and -")
    .optional()
    .meta({
      description:
        "A taxonomy of the operator's: its words stand in place of the labels that it renames, merges or drops. `GET /v1/model` lists the names.",
    }),
  explain: z.enum(["heatmap"], 'is "heatmap"').optional().meta({
    description: "Adds maps that show where the network looked, some 8 kB of them.",
    example: "heatmap",
  }),
  cache: z.enum(["no"], 'is "no"').optional().meta({
    description:
      "Looks at the picture anew, whatever is kept of an earlier answer; `Cache-Control: no-cache` does too.",
    example: "no",
  }),
});
export type TagQuery = z.infer<typeof TagQuery>;
