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
export interface Tagged {
  /** `[name, score]`, best first. */
  category: readonly (readonly [string, number])[];
  attributes: Record<(typeof groups)[number], readonly (readonly [string, number])[]>;
  /** `[name, hex, share of the garment 0..1]`. */
  colors: readonly (readonly [string, string, number])[];
}

const groups = ["texture", "fabric", "shape", "part", "style"] as const;

/** The names a template may use: {category}, {color}, and the five attribute groups. */
export const placeholders = ["category", "color", ...groups] as const;

/** A shade below this share of the garment is a detail, not the garment's colour. */
const minColorShare = 0.15;

/** Words for a CMS from what the tagger answered. No garment gives no words. */
export function toWords(tags: Tagged, template: string): Words {
  const json = JSON.stringify(tags);
  const category = tags.category[0]?.[0];
  if (category === undefined || category === "none") return { tags: [], alt: "", json };
  const attributes = groups.flatMap((group) => tags.attributes[group].map(([name]) => name));
  const colors = tags.colors.filter(([, , share]) => share >= minColorShare).map(([name]) => name);
  return {
    tags: [...new Set([category, ...attributes, ...colors].map(plain))],
    alt: fill(template, {
      category,
      color: colors[0] ?? "",
      ...Object.fromEntries(groups.map((group) => [group, tags.attributes[group][0]?.[0] ?? ""])),
    }),
    json,
  };
}

function fill(template: string, values: Record<string, string>): string {
  const text = template
    .replace(/\{(\w+)\}/g, (_, name: string) => plain(values[name] ?? ""))
    .replace(/\s+/g, " ")
    .trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const plain = (label: string): string => label.replaceAll("_", " ");
