import { describe, expect, it } from "vitest";
import { mergeAlt, mergeLine, mergeTags } from "../../../worker/cms/merge.ts";
import { type Tagged, toWords } from "../../../worker/cms/words.ts";

const dress: Tagged = {
  category: [
    ["dress", 0.94],
    ["jumpsuit", 0.03],
  ],
  attributes: {
    texture: [["floral", 0.91]],
    fabric: [],
    shape: [
      ["sleeveless", 0.88],
      ["midi", 0.7],
    ],
    part: [["v_neck", 0.8]],
    style: [],
  },
  colors: [
    ["navy", "#1f2a44", 0.62],
    ["white", "#efece6", 0.1],
  ],
};

describe("words", () => {
  it("are the category, the attributes and the main colours", () => {
    const { tags, alt, json } = toWords(dress, "{color} {texture} {category}");
    expect(tags).toEqual(["dress", "floral", "sleeveless", "midi", "v neck", "navy"]);
    expect(alt).toBe("Navy floral dress");
    expect(JSON.parse(json)).toEqual(dress);
  });

  it("are names in the language of the source", () => {
    const { tags, alt, json } = toWords(dress, "{color} {texture} {category}", "ko");
    expect(tags).toEqual(["원피스", "꽃무늬", "민소매", "미디", "브이넥", "네이비"]);
    expect(alt).toBe("네이비 꽃무늬 원피스");
    // What is stored are ids, whatever is written.
    expect(JSON.parse(json)).toEqual(dress);
  });

  it("leave no gap where a template's value is missing", () => {
    expect(toWords(dress, "A {fabric} {style} {category} with {part}").alt).toBe(
      "A dress with v neck",
    );
  });

  it("are none where there is no garment", () => {
    expect(toWords({ ...dress, category: [["none", 0.9]] }, "{category}")).toMatchObject({
      tags: [],
      alt: "",
    });
  });
});

describe("tags", () => {
  it("of people stay, ours are replaced", () => {
    expect(mergeTags(["summer", "hemline:skirt", "sale"], ["dress"], "hemline:")).toEqual([
      "summer",
      "sale",
      "hemline:dress",
    ]);
  });

  it("of people stay even where they say the same", () => {
    expect(mergeTags(["dress"], ["dress"], "hemline:")).toEqual(["dress", "hemline:dress"]);
  });

  it("that stand there already are not written again", () => {
    expect(mergeTags(["summer", "hemline:dress"], ["dress"], "hemline:")).toBeNull();
  });

  it("fill a field of their own", () => {
    expect(mergeTags(["skirt"], ["dress"], "")).toEqual(["dress"]);
  });

  it("go when there is no garment any more", () => {
    expect(mergeTags(["summer", "hemline:dress"], [], "hemline:")).toEqual(["summer"]);
  });

  it("as a line replace our own line only", () => {
    expect(mergeLine("", ["dress", "navy"], "hemline:")).toBe("hemline: dress, navy");
    expect(mergeLine("hemline: skirt", ["dress"], "hemline:")).toBe("hemline: dress");
    expect(mergeLine("hemline: dress", ["dress"], "hemline:")).toBeNull();
    expect(mergeLine("A person's caption", ["dress"], "hemline:")).toBeNull();
    expect(mergeLine("hemline: dress", [], "hemline:")).toBe("");
  });
});

describe("alt text", () => {
  it("is written where there is none, and replaced where it was ours", () => {
    expect(mergeAlt(null, "Navy dress", undefined)).toBe("Navy dress");
    expect(mergeAlt("  ", "Navy dress", undefined)).toBe("Navy dress");
    expect(mergeAlt("Red dress", "Navy dress", "Red dress")).toBe("Navy dress");
    expect(mergeAlt("Navy dress", "Navy dress", "Navy dress")).toBeNull();
  });

  it("of a person is never overwritten", () => {
    expect(mergeAlt("My wedding", "Navy dress", undefined)).toBeNull();
    expect(mergeAlt("My wedding", "Navy dress", "Red dress")).toBeNull();
  });
});
