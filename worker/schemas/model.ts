import { z } from "zod";
import { perGroup } from "../../model/labels.ts";
import { PIXEL_LIMITS } from "../image/limits.ts";

const ids = z.array(z.string());
const score = z.number().min(0).max(1);
const pixels = z.int().positive();

/** What runs, what it knows, what it takes. */
export const ModelInfo = z
  .object({
    model: z.string().describe("Name and version, as answers carry it."),
    artefact: z.string().describe("SHA-256 of the weights, in hex."),
    engine: z.string().describe("What computes the network: `int8` or `float32`."),
    simd: z.boolean(),
    threads: z.int().positive(),
    labels: z
      .object({ category: ids, attributes: z.object(perGroup(() => ids)), landmarks: ids })
      .describe("Ids per head, in the order of the network's outputs."),
    names: z
      .record(z.string(), z.string())
      .optional()
      .describe("Each label's and group's name by id, where a language was asked for."),
    maps: z.array(z.string()).describe("Names that `map` may have."),
    thresholds: z
      .object({ attributes: z.object(perGroup(() => z.array(score))), presence: score })
      .describe("Scores from which a label is given, in the order of the labels."),
    limits: z.object({
      bytes: z.int().positive().describe("The largest picture file."),
      pixels: z
        .object(
          Object.fromEntries(Object.keys(PIXEL_LIMITS).map((kind) => [kind, pixels])) as Record<
            keyof typeof PIXEL_LIMITS,
            typeof pixels
          >,
        )
        .describe("The most pixels by format."),
      images: z
        .boolean()
        .describe("Whether HEIC, and pictures of more pixels, go through Cloudflare Images."),
    }),
  })
  .meta({ id: "Model", description: "What runs here." });
export type ModelInfo = z.infer<typeof ModelInfo>;
