import { describe, expect, it } from "vitest";
import { describeColors } from "../../../worker/colors/describe-colors.ts";
import { NAMES } from "../../../worker/colors/naming.ts";
import type { ColorTag } from "../../../worker/schemas/tags.ts";
import { type Rgb, SIZE, TEE, tee, WOOD } from "./drawn.ts";

const NAVY: Rgb = [32, 40, 78];
const WHITE: Rgb = [238, 236, 232];
const RED: Rgb = [190, 24, 34];
const NOWHERE = new Float32Array(8);

const look = (
  picture: Uint8Array,
  { landmarks, presence }: { landmarks: Float32Array; presence: Float32Array } = TEE,
  category = "tee",
): ColorTag[] => describeColors(picture, SIZE, landmarks, presence, category);

const channels = (hex: string): number[] =>
  [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
const near = (hex: string, colour: Rgb): boolean =>
  channels(hex).every((value, i) => Math.abs(value - (colour[i] as number)) <= 12);

function expectSound(tags: ColorTag[]): void {
  expect(tags.length).toBeGreaterThanOrEqual(1);
  expect(tags.length).toBeLessThanOrEqual(3);
  for (const [name, hex, share] of tags) {
    expect(NAMES).toContain(name);
    expect(hex).toMatch(/^#[0-9a-f]{6}$/);
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThanOrEqual(1);
  }
  expect(new Set(tags.map(([name]) => name)).size).toBe(tags.length);
  expect(tags.reduce((sum, [, , share]) => sum + share, 0)).toBeLessThanOrEqual(1.01);
}

describe("a garment on a wooden floor", () => {
  it.each([
    ["navy", NAVY],
    ["red", RED],
    ["white", WHITE],
    ["yellow", [232, 196, 40]],
    ["green", [40, 120, 60]],
  ] as const)("is %s, and the floor is not in it", (name, cloth) => {
    const tags = look(tee(cloth));
    expectSound(tags);
    const [main, hex, share] = tags[0] as ColorTag;
    expect(main).toBe(name);
    expect(near(hex, cloth), hex).toBe(true);
    expect(share).toBeGreaterThan(0.9);
  });

  it("striped two to one has both colours with their shares", () => {
    const tags = look(tee((_, y) => ((y * 10) % 1 < 2 / 3 ? NAVY : WHITE)));
    expectSound(tags);
    expect(tags.map(([name]) => name)).toEqual(["navy", "white"]);
    const [navy, white] = tags as [ColorTag, ColorTag];
    expect(navy[2]).toBeGreaterThan(0.5);
    expect(navy[2]).toBeLessThan(0.8);
    expect(white[2]).toBeGreaterThan(0.2);
    expect(near(white[1], WHITE), white[1]).toBe(true);
  });

  it("keeps its cloth as main under a print", () => {
    const print = (x: number, y: number) => Math.abs(x - 0.5) < 0.1 && Math.abs(y - 0.5) < 0.12;
    const tags = look(tee((x, y) => (print(x, y) ? RED : NAVY)));
    expect(tags[0]?.[0]).toBe("navy");
  });

  it("says the same each time", () => {
    expect(look(tee(NAVY))).toEqual(look(tee(NAVY)));
  });
});

describe("what the landmarks say", () => {
  it("decides which of two surfaces is the garment", () => {
    const swapped = look(tee(WOOD, NAVY));
    expect(swapped[0]?.[0]).not.toBe("navy");
    expect(near(swapped[0]?.[1] as string, WOOD)).toBe(true);
  });

  it("may be missing: the middle of the picture is looked at", () => {
    const tags = look(tee(NAVY), { landmarks: TEE.landmarks, presence: NOWHERE });
    expectSound(tags);
    expect(tags[0]?.[0]).toBe("navy");
  });

  it("may be half there", () => {
    const presence = Float32Array.of(1, 1, 0, 0, 0, 0, 1, 0);
    expect(look(tee(NAVY), { ...TEE, presence })[0]?.[0]).toBe("navy");
  });

  const everywhere = new Float32Array(8).fill(1);
  it.each([
    ["all in one point", new Float32Array(16).fill(0.5)],
    ["all in a corner", new Float32Array(16)],
    ["far outside", new Float32Array(16).fill(1e9)],
    ["not numbers", new Float32Array(16).fill(Number.NaN)],
    ["infinite", new Float32Array(16).fill(Number.POSITIVE_INFINITY)],
  ])("may be %s", (_, landmarks) => {
    expectSound(look(tee(NAVY), { landmarks, presence: everywhere }));
  });
});

describe("other things", () => {
  it("has no colours where there is no garment", () => {
    expect(look(tee(NAVY), TEE, "none")).toEqual([]);
  });
  it.each(["hat", "shoes", "bodysuit", "jeans", "jumpsuit", "dress"])(
    "looks at a %s",
    (category) => {
      expectSound(look(tee(NAVY), TEE, category));
    },
  );
  it.each([0, 255])("looks at a flat picture of %s", (value) => {
    expectSound(look(new Uint8Array(SIZE * SIZE * 3).fill(value)));
  });
  it.each([1, 7, 80, 224])("takes a picture of any size: %s", (size) => {
    const picture = new Uint8Array(size * size * 3).fill(128);
    expectSound(describeColors(picture, size, TEE.landmarks, TEE.presence, "tee"));
  });
  it("refuses a picture of another size than it is said to have", () => {
    const short = new Uint8Array(SIZE * SIZE * 3 - 1);
    expect(() => look(short)).toThrow(RangeError);
    expect(() => describeColors(short, 0, TEE.landmarks, TEE.presence, "tee")).toThrow(RangeError);
  });
});
