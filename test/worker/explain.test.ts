import { expect, it } from "vitest";
import { labels } from "../../model/labels.ts";
import { fromBase64 } from "../../worker/base64.ts";
import { explain } from "../../worker/explain.ts";

const cells = [0, 0.25, 0.5, 1];
const heatmaps = {
  side: 2,
  values: Float32Array.from(
    labels.landmarks.flatMap((_, i) => cells.map((cell) => cell / (i + 1))),
  ),
};
const tee = labels.category.indexOf("tee");
const dress = labels.category.indexOf("dress");
const categories = {
  side: 2,
  values: Float32Array.of(-3, 1, 2, 7, 4, 4, 4, 4),
  indices: [dress, tee],
};
const [first = "", second = "", third = ""] = labels.landmarks;
const found = explain({ heatmaps, categories }, new Set([second, third]));

/** As a reader of the API does it. */
function read([text, low, high]: [string, number, number] = ["", 0, 0]): number[] {
  return [...fromBase64(text)].map((byte) => low + (byte / 255) * (high - low));
}

it("gives maps of the landmarks found alone, each with its own range", () => {
  const { side, maps } = found.landmarks;
  expect(side).toBe(2);
  expect(Object.keys(maps)).toEqual([second, third]);
  expect(maps).not.toHaveProperty(first);
  for (const [i, value] of read(maps[second]).entries()) {
    expect(value).toBeCloseTo((cells[i] as number) / 2, 2);
  }
});

it("names categories, best first, and keeps what speaks against them", () => {
  const { maps } = found.category;
  expect(Object.keys(maps)).toEqual(["dress", "tee"]);
  expect(read(maps.dress).map(Math.round)).toEqual([-3, 1, 2, 7]);
});

it("a flat map stays flat", () => {
  expect(read(found.category.maps.tee)).toEqual([4, 4, 4, 4]);
});
