import { z } from "zod";
import { labels } from "../../model/labels.ts";
import { COLORS } from "../../model/names.ts";

/** Labels that a map may speak of: categories, attributes and colours; no two share an id. */
export const MAPPABLE: ReadonlySet<string> = new Set([
  ...labels.category,
  ...Object.values(labels.attributes).flat(),
  ...COLORS,
]);

const word = z
  .string()
  .trim()
  .min(1, "a word may not be empty")
  .max(80, "a word has at most 80 characters");

const Entry = z
  .union([
    word.transform((text) => ({ word: text, threshold: undefined })),
    z.literal(false).transform(() => null),
    z.strictObject({
      word: word.optional(),
      threshold: z.number().min(0).max(1).optional(),
    }),
  ])
  .describe("A word, `false` (the label is dropped), or `{word, threshold}`, either alone too.");

/** A customer's own taxonomy (`worker/maps/README.md`). */
export const MapFile = z.strictObject({
  $schema: z.string().optional(),
  others: z
    .enum(["keep", "drop"], { error: 'is "keep" or "drop"' })
    .default("keep")
    .describe("What becomes of labels that the map does not name."),
  labels: z.record(z.string(), Entry).superRefine((entries, context) => {
    for (const id of Object.keys(entries)) {
      if (MAPPABLE.has(id)) continue;
      const message = "is no label of the category, of an attribute group or of the colours";
      context.addIssue({ code: "custom", path: [id], message });
    }
  }),
});
export type MapFile = z.infer<typeof MapFile>;

/** A map that cannot be used: every mistake, with the path of its place in the file. */
export class MapError extends Error {
  override name = "MapError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("; "));
    this.problems = problems;
  }
}

/** Reads a map from JSON text, or from what a TOML table became. Throws `MapError`. */
export function parseMap(source: unknown): MapFile {
  const parsed = MapFile.safeParse(typeof source === "string" ? parseJson(source) : source);
  if (parsed.success) return parsed.data;
  throw new MapError(parsed.error.issues.map(explain));
}

/** Zod says of a union only that nothing fitted. */
function explain({ path, code, message }: z.core.$ZodIssue): string {
  const text = code === "invalid_union" ? "is a word, false, or {word, threshold}" : message;
  return `${path.join(".") || "the map"}: ${text}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MapError([`not JSON: ${(error as Error).message}`]);
  }
}
