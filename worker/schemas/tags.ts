import { z } from "zod";
import { GROUPS, perGroup } from "../../model/labels.ts";
import { FORMATS } from "../image/sniff.ts";

const score = z.number().min(0).max(1);
const name = z.string().optional();

export const Scored = z.tuple([z.string(), score, name]).meta({
  id: "Scored",
  description:
    "A label's stable id (with `map`, the map's word), its score 0..1, and, where a language was asked for, its name.",
});
export type Scored = z.infer<typeof Scored>;

export const ColorTag = z
  .tuple([z.string(), z.string().regex(/^#[0-9a-f]{6}$/), score, name])
  .meta({
    id: "Color",
    description:
      "A colour's id (with `map`, the map's word), how it looks in sRGB, its share 0..1 of the garment's pixels, and, where a language was asked for, its name.",
  });
export type ColorTag = z.infer<typeof ColorTag>;

export const Landmark = z.tuple([z.number(), z.number(), score]).meta({
  id: "Landmark",
  description: "x and y in fractions of the upright picture's width and height, and the score.",
});
export type Landmark = z.infer<typeof Landmark>;

export const Heatmap = z.tuple([z.base64(), z.number(), z.number()]).meta({
  id: "Heatmap",
  description:
    "`side` x `side` bytes in base64, row by row from the top left, and the values that byte 0 and byte 255 stand for (linear between).",
});
export type Heatmap = z.infer<typeof Heatmap>;

const maps = (description: string) =>
  z
    .object({
      side: z.int().positive().describe("Cells each way."),
      maps: z.record(z.string(), Heatmap),
    })
    .describe(description);

export const Explanation = z
  .object({
    landmarks: maps(
      "Where each landmark found may lie: the spatial softmax times the score, so that a map sums to the score.",
    ),
    category: maps(
      "What each cell adds to the logit of the best categories (class activation); positive speaks for it.",
    ),
  })
  .meta({
    id: "Explanation",
    description:
      "Maps over the whole upright picture: the cell in column c and row r covers x from c / side to (c + 1) / side of its width, y from r / side to (r + 1) / side of its height. Keys are the network's own ids.",
  });
export type Explanation = z.infer<typeof Explanation>;

/** The answer. Numbers have at most three decimals; lists are sorted, best first. */
export const Tags = z
  .object({
    model: z.string().describe("The model's name and version."),
    category: z
      .array(Scored)
      .describe("Up to three that score at least 0.01, best first; `none` means no garment."),
    attributes: z
      .object(perGroup(() => z.array(Scored)))
      .describe(`The groups ${GROUPS.join(", ")}: each label above its own threshold.`),
    colors: z.array(ColorTag).describe("Main colour first, the others by share."),
    landmarks: z
      .record(z.string(), Landmark)
      .describe("Only those that the garment has; `left` is the image's left."),
    image: z
      .object({
        width: z.int().positive(),
        height: z.int().positive(),
        format: z.enum(FORMATS),
      })
      .describe("The picture as it was sent; size in pixels after EXIF orientation."),
    explain: Explanation.optional(),
  })
  .meta({ id: "Tags", description: "What a photograph shows." });
export type Tags = z.infer<typeof Tags>;
