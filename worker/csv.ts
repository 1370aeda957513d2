import Papa from "papaparse";
import { GROUPS, labels } from "../model/labels.ts";
import type { Tags } from "./describe.ts";

/** A picture that could not be tagged: an error's stable code, and what is wrong in words. */
export interface Failed {
  code: string;
  detail: string;
}

/** Several labels share a cell. */
const BETWEEN = ";";

const ids = (list: readonly (readonly [id: string, ...rest: unknown[]])[]): string =>
  list.map(([id]) => id).join(BETWEEN);

/** Every column with what stands in it, for one picture's tags. */
const COLUMNS: readonly (readonly [name: string, cell: (tags: Tags) => string | number])[] = [
  ["category", ({ category: [best] }) => best?.[0] ?? ""],
  ["category_score", ({ category: [best] }) => best?.[1] ?? ""],
  ["categories", ({ category }) => ids(category)],
  ...GROUPS.map((group) => [group, ({ attributes }: Tags) => ids(attributes[group])] as const),
  ["color", ({ colors: [main] }) => main?.[0] ?? ""],
  ["color_hex", ({ colors: [main] }) => main?.[1] ?? ""],
  ["colors", ({ colors }) => ids(colors)],
  ...labels.landmarks.flatMap((name) => [
    [`${name}_x`, ({ landmarks }: Tags) => landmarks[name]?.[0] ?? ""] as const,
    [`${name}_y`, ({ landmarks }: Tags) => landmarks[name]?.[1] ?? ""] as const,
  ]),
  ["width", ({ image }) => image.width],
  ["height", ({ image }) => image.height],
  ["format", ({ image }) => image.format],
  ["model", ({ model }) => model],
];

/** The first line: the names of all columns (RFC 4180, ending included). */
export const csvHeader = (): string =>
  line(["file", ...COLUMNS.map(([name]) => name), "error", "detail"]);

/** A picture's line: its tags, or why there are none. */
export function csvRow(file: string, result: Tags | Failed): string {
  if ("code" in result) {
    return line([file, ...COLUMNS.map(() => ""), result.code, result.detail]);
  }
  return line([file, ...COLUMNS.map(([, cell]) => cell(result)), "", ""]);
}

// A file may be called "=HYPERLINK(…)": a spreadsheet must not take its name for a formula.
const line = (cells: (string | number)[]): string =>
  `${Papa.unparse([cells], { escapeFormulae: true })}\r\n`;
