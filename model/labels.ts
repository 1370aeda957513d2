import source from "./labels.json" with { type: "json" };

/** The five attribute groups, in the order of the network's heads. */
export const GROUPS = ["texture", "fabric", "shape", "part", "style"] as const;
export type Group = (typeof GROUPS)[number];

/** Ids per head, in the order of the network's outputs. */
export interface Labels {
  category: readonly string[];
  attributes: Readonly<Record<Group, readonly string[]>>;
  landmarks: readonly string[];
}

/** Categories for which only the colours are known, and `none`, for which nothing is. */
export const WITHOUT_ATTRIBUTES: ReadonlySet<string> = new Set(
  source.categories_without_attributes,
);
export const NONE = "none";

interface Entry {
  id: string;
}

const ids = (entries: readonly Entry[]): string[] => entries.map((entry) => entry.id);

/** One value for every attribute group. */
export function perGroup<T>(value: (group: Group) => T): Record<Group, T> {
  return Object.fromEntries(GROUPS.map((group) => [group, value(group)])) as Record<Group, T>;
}

/** The one list of labels, `model/labels.json`. */
export const labels: Labels = {
  category: ids(source.category),
  attributes: perGroup((group) => ids(source.attributes[group])),
  landmarks: ids(source.landmarks),
};
