import { expect, it, describe as suite } from "vitest";
import { preprocess } from "../../model/preprocess.ts";
import { describe } from "../../worker/describe.ts";
import type { Header } from "../../worker/image/sniff.ts";
import { type Found, hostFinding, outputs } from "./tagger.ts";

const HEADER: Header = { format: "jpeg", width: 100, height: 50, orientation: 1 };
/** A picture all over one red. */
const RED = Uint8Array.from({ length: preprocess.size ** 2 * 3 }, (_, i) =>
  i % 3 === 0 ? 190 : 25,
);
const { model } = hostFinding({});
const say = (found: Found, top?: number, header = HEADER) =>
  describe(outputs(found), RED, header, { top }, model);

const DRESS: Found = {
  category: { dress: 0.93961, jumpsuit: 0.03, skirt: 0.009, coat: 0.008 },
  attributes: {
    texture: { floral: 0.91, striped: 0.2 },
    shape: { midi: 0.71, sleeveless: 0.88, mini: 0.4999 },
  },
  landmarks: { left_collar: [0.41234, 0.12, 0.97], right_hem: [0.7, 0.9, 0.49] },
};

suite("without top", () => {
  const tags = say(DRESS);
  it("has all keys in order, compact", () => {
    const keys = ["model", "category", "attributes", "colors", "landmarks", "image"];
    expect(Object.keys(tags)).toEqual(keys);
    const groups = ["texture", "fabric", "shape", "part", "style"];
    expect(Object.keys(tags.attributes)).toEqual(groups);
  });
  it("gives categories that score something, three decimals", () => {
    expect(tags.category).toEqual([
      ["dress", 0.94],
      ["jumpsuit", 0.03],
    ]);
  });
  it("gives at most three categories", () => {
    const even = { category: { dress: 0.3, skirt: 0.25, coat: 0.24, vest: 0.21 } };
    expect(say(even).category.map(([id]) => id)).toEqual(["dress", "skirt", "coat"]);
  });
  it("gives attributes above their thresholds, best first", () => {
    expect(tags.attributes).toEqual({
      texture: [["floral", 0.91]],
      fabric: [],
      shape: [
        ["sleeveless", 0.88],
        ["midi", 0.71],
      ],
      part: [],
      style: [],
    });
  });
  it("gives only the landmarks that the garment has", () => {
    expect(tags.landmarks).toEqual({ left_collar: [0.412, 0.12, 0.97] });
  });
});

it("top gives so many, whatever they score, equal ones in the labels' order", () => {
  const tags = say(DRESS, 5);
  const categories = ["dress", "jumpsuit", "skirt", "coat", "tee"];
  expect(tags.category.map(([id]) => id)).toEqual(categories);
  const textures = ["floral", "striped", "solid", "plaid", "dotted"];
  expect(tags.attributes.texture.map(([id]) => id)).toEqual(textures);
});

it("without a garment there is nothing to say about one", () => {
  for (const top of [undefined, 4]) {
    const tags = say({ ...DRESS, category: { none: 0.6, dress: 0.4 } }, top);
    expect(tags.category[0]).toEqual(["none", 0.6]);
    expect(tags.attributes.shape).toEqual([]);
    expect(tags.colors).toEqual([]);
    expect(tags.landmarks).toEqual({});
  }
});

it.each(["shoes", "hat"])("%s have no attributes and no landmarks", (category) => {
  const tags = say({ ...DRESS, category: { [category]: 0.9 } }, 3);
  expect(Object.values(tags.attributes).flat()).toEqual([]);
  expect(tags.landmarks).toEqual({});
});

it.each(["dress", "shoes", "hat"])("%s have colours", (category) => {
  expect(say({ ...DRESS, category: { [category]: 0.9 } }).colors).toEqual([["red", "#be1919", 1]]);
});

it("gives the upright size", () => {
  expect(say(DRESS).image).toEqual({ width: 100, height: 50, format: "jpeg" });
  const turned = { ...HEADER, orientation: 6 } as const;
  expect(say(DRESS, 1, turned).image).toEqual({ width: 50, height: 100, format: "jpeg" });
});
