import { expect, it } from "vitest";
import source from "../../model/labels.json" with { type: "json" };
import { GROUPS, labels } from "../../model/labels.ts";
import { COLORS, LANGUAGES, nameOf, namesIn } from "../../model/names.ts";
import { NAMES } from "../../worker/colors/naming.ts";

const lists = [
  source.category,
  source.groups,
  ...GROUPS.map((group) => source.attributes[group]),
  source.landmarks,
  source.colors,
];

it("no two labels share an id, whatever their head", () => {
  const ids = lists.flat().map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(source.groups.map(({ id }) => id)).toEqual(GROUPS);
});

it("the colours are those that the colours' network names", () => {
  expect([...COLORS].sort()).toEqual([...NAMES].sort());
});

it.each(LANGUAGES)("every label has a name of its own in %s", (language) => {
  for (const list of lists) {
    const names = list.map(({ id }) => nameOf(id, language));
    for (const [i, name] of names.entries()) {
      expect(name, list[i]?.id).toMatch(/^\S(.*\S)?$/);
      expect(name).not.toContain("_");
    }
    expect(new Set(names).size, names.join()).toBe(names.length);
  }
  expect(Object.keys(namesIn(language)).length).toBeGreaterThan(labels.category.length);
});

it("Korean and Japanese names are written in their scripts", () => {
  for (const name of Object.values(namesIn("ko"))) expect(name).toMatch(/[\uac00-\ud7a3]/);
  for (const name of Object.values(namesIn("ja")))
    expect(name).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
});
