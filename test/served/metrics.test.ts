import { expect, it } from "vitest";
import { perGroup } from "../../model/labels.ts";
import type { Tags } from "../../worker/schemas/tags.ts";
import type { Labelled } from "./labelled.ts";
import { type Answer, score, table } from "./metrics.ts";

const TAGS: Tags = {
  model: "hemline-test",
  category: [["tee", 0.9]],
  attributes: perGroup(() => []),
  colors: [],
  landmarks: {},
  image: { width: 1, height: 1, format: "jpeg" },
};
const PHOTO: Labelled = {
  id: "1",
  split: "val",
  category: "tee",
  ...perGroup(() => [] as string[]),
  color: ["navy", "white"],
  landmarks: [[0.5, 0.5, 1], [0.1, 0.1, 0], null, null, null, null, null, [0.9, 0.9, 1]],
};
const answer = (
  photo: Partial<Labelled>,
  tags: Partial<Tags>,
  top: Partial<Tags> = {},
): Answer => ({
  photo: { ...PHOTO, ...photo },
  tags: { ...TAGS, ...tags },
  top: { ...TAGS, ...tags, ...top },
});
const ranked = (...ids: string[]) => ids.map((id): [string, number] => [id, 0.5]);

it("category: among the first k of the answer with top", () => {
  const top = { category: ranked("polo", "tee", "tank", "top", "henley", "shirt") };
  const { category } = score([
    answer({ category: "polo" }, {}, top),
    answer({ category: "tee" }, {}, top),
    answer({ category: "top" }, {}, top),
    answer({ category: "shirt" }, {}, top),
  ]);
  expect(category).toEqual({ top1: 0.25, top3: 0.5, top5: 0.75 });
});

it("attributes: recall of the three best, F1 of what was said; unknown and unoffered left out", () => {
  const said = (...ids: string[]) => ({ ...TAGS.attributes, shape: ranked(...ids) });
  const wanted = ["short_sleeve", "regular", "not_offered"];
  const { attributes } = score([
    answer(
      { shape: wanted },
      { attributes: said("regular", "slim") },
      {
        attributes: said("regular", "slim", "midi", "short_sleeve"),
      },
    ),
    answer({ shape: null }, { attributes: said("maxi") }),
  ]);
  expect(attributes.shape).toEqual({ recall3: 0.5, f1: 0.5 });
});

it("landmarks: distance over visible ones that were returned", () => {
  const landmarks = {
    left_collar: [0.53, 0.54, 0.9],
    right_collar: [0.9, 0.9, 0.9],
    left_sleeve: [0.2, 0.2, 0.6],
  } satisfies Tags["landmarks"];
  const scores = score([answer({}, { landmarks }), answer({ landmarks: null }, { landmarks })]);
  expect(scores.landmarks.error).toBeCloseTo(0.05);
  expect(scores.landmarks).toMatchObject({ visible: 2, returned: 0.5 });
  expect(scores.landmarks.spurious).toBeCloseTo(1 / 3);
});

it("colour and none", () => {
  const scores = score([
    answer({}, { colors: [["navy", "#000080", 0.8]] }),
    answer({}, { colors: [["white", "#ffffff", 0.8]] }),
    answer({ color: null }, { category: ranked("none", "tee") }),
    answer({ category: "none", color: null }, { category: ranked("none") }),
  ]);
  expect(scores.mainColor).toBe(0.5);
  expect(scores.noneOnGarments).toBeCloseTo(1 / 3);
  expect(table(scores)).toContain("main colour            50.0 %");
});
