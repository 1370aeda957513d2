import { GROUPS, NONE, perGroup } from "../../model/labels.ts";
import { type Language, nameOf } from "../../model/names.ts";
import type { Tags } from "../schemas/tags.ts";

/** What is written into a CMS, before any prefix. */
export interface Words {
  /** Plain words, best first, no duplicates: category, attributes, colours. */
  tags: string[];
  /** One sentence for people who cannot see the picture; empty where there is no garment. */
  alt: string;
  /** The whole answer as JSON, for fields that hold structured data. */
  json: string;
}

/** The part of the tagger's answer that words are made of. */
export type Tagged = Pick<Tags, "category" | "attributes" | "colors">;

/** The names a template may use: {category}, {color}, and the five attribute groups. */
export const placeholders = ["category", "color", ...GROUPS] as const;

/** A shade below this share of the garment is a detail, not the garment's colour. */
const minColorShare = 0.15;

/**
 * Words for a CMS from what the tagger answered: names in a language, else the ids as plain words. No
 * garment gives no words.
 */
export function toWords(tags: Tagged, template: string, language?: Language): Words {
  const json = JSON.stringify(tags);
  const [category] = tags.category;
  if (category === undefined || category[0] === NONE) return { tags: [], alt: "", json };
  const word = ([id]: readonly [string, ...unknown[]]): string =>
    language ? nameOf(id, language) : id.replaceAll("_", " ");
  const groups = perGroup((group) => tags.attributes[group].map(word));
  const colors = tags.colors.filter(([, , share]) => share >= minColorShare);
  const shades = colors.map(word);
  return {
    tags: [...new Set([word(category), ...GROUPS.flatMap((group) => groups[group]), ...shades])],
    alt: fill(template, {
      category: word(category),
      color: shades[0] ?? "",
      ...perGroup((group) => groups[group][0] ?? ""),
    }),
    json,
  };
}

function fill(template: string, values: Record<string, string>): string {
  const text = template
    .replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "")
    .replace(/\s+/g, " ")
    .trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}
