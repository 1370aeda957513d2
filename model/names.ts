import source from "./labels.json" with { type: "json" };
import { GROUPS } from "./labels.ts";

/** Languages in which labels have names. */
export const LANGUAGES = ["en", "ko", "de", "fr", "es", "ja"] as const;
export type Language = (typeof LANGUAGES)[number];

interface Entry {
  id: string;
  names: Readonly<Record<Language, string>>;
}

const ENTRIES: readonly Entry[] = [
  ...source.category,
  ...source.groups,
  ...GROUPS.flatMap((group) => source.attributes[group] as readonly Entry[]),
  ...source.landmarks,
  ...source.colors,
];
const NAMES = new Map(ENTRIES.map(({ id, names }) => [id, names]));

/** A label's name as it stands inside a sentence; no two labels share an id, whatever their head. */
export function nameOf(id: string, language: Language): string {
  return NAMES.get(id)?.[language] ?? id;
}

/** Every label's and group's name by id. */
export function namesIn(language: Language): Record<string, string> {
  return Object.fromEntries(ENTRIES.map(({ id, names }) => [id, names[language]]));
}

/** Ids of the colours, as `worker/colors` names them. */
export const COLORS: readonly string[] = source.colors.map(({ id }) => id);
