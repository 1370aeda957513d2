import Papa from "papaparse";
import { expect, it } from "vitest";
import { csvHeader, csvRow } from "../../worker/csv.ts";
import type { Tags } from "../../worker/describe.ts";

const tags: Tags = {
  model: "hemline-test",
  category: [
    ["tee", 0.7],
    ["dress", 0.1],
  ],
  attributes: {
    texture: [["striped", 0.9]],
    fabric: [],
    shape: [
      ["short_sleeve", 0.9],
      ["regular", 0.8],
    ],
    part: [],
    style: [],
  },
  colors: [
    ["navy", "#23315c", 0.6],
    ["white", "#e7e5df", 0.4],
  ],
  landmarks: { left_collar: [0.37, -0.01, 0.99] },
  image: { width: 480, height: 600, format: "jpeg" },
};

const read = (text: string) =>
  Papa.parse<Record<string, string>>(text.trimEnd(), { header: true }).data;

it("writes a picture's tags as one row", () => {
  const text = csvHeader() + csvRow('shirts, "new"\n/1.jpg', tags);
  expect(read(text)).toEqual([
    expect.objectContaining({
      file: 'shirts, "new"\n/1.jpg',
      category: "tee",
      category_score: "0.7",
      categories: "tee;dress",
      texture: "striped",
      fabric: "",
      shape: "short_sleeve;regular",
      color: "navy",
      color_hex: "#23315c",
      colors: "navy;white",
      left_collar_x: "0.37",
      left_collar_y: "-0.01",
      right_hem_x: "",
      width: "480",
      error: "",
    }),
  ]);
});

it("writes why a picture has none", () => {
  const text = csvHeader() + csvRow("a.jpg", { code: "corrupt_image", detail: "Cut short, alas." });
  const [row] = read(text);
  expect(row).toMatchObject({ category: "", error: "corrupt_image", detail: "Cut short, alas." });
});

it("hands a spreadsheet no formula", () => {
  expect(csvRow("=HYPERLINK(1).jpg", tags)).toMatch(/^"'=HYPERLINK\(1\)\.jpg",|^'=HYPER/);
});
