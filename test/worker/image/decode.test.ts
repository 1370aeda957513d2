import { describe, expect, it } from "vitest";
import { decode } from "../../../worker/image/decode.ts";
import { sniff } from "../../../worker/image/sniff.ts";
import { picture } from "../../fixtures/pictures.ts";

const decoded = (bytes: Uint8Array) => decode(bytes, sniff(bytes));

/** The centre of each quadrant as `draw.py` drew it. */
const QUADRANTS = [
  { x: 12, y: 8, rgb: [200, 30, 30] },
  { x: 36, y: 8, rgb: [30, 160, 60] },
  { x: 12, y: 24, rgb: [30, 60, 190] },
  { x: 36, y: 24, rgb: [230, 200, 40] },
];
const luma = ([r = 0, g = 0, b = 0]: number[]) => 0.299 * r + 0.587 * g + 0.114 * b;

describe("decodes", () => {
  it.each([
    ["rgb.png", 0],
    ["palette.png", 0],
    ["lossless.webp", 0],
    ["baseline.jpg", 8],
    ["progressive.jpg", 8],
    ["lossy.webp", 12],
  ])("%s to the colours drawn, within %i", async (name, tolerance) => {
    const { data, width, height, channels } = await decoded(picture(name));
    expect([width, height, channels]).toEqual([48, 32, 4]);
    expect(data.length).toBe(48 * 32 * 4);
    for (const { x, y, rgb } of QUADRANTS) {
      const at = (y * 48 + x) * 4;
      for (const [c, value] of rgb.entries()) {
        expect(Math.abs((data[at + c] as number) - value)).toBeLessThanOrEqual(tolerance);
      }
      expect(data[at + 3]).toBe(255);
    }
  });

  it.each(["grey.png", "grey16.png", "grey.jpg"])("%s to grey", async (name) => {
    const { data } = await decoded(picture(name));
    for (const { x, y, rgb } of QUADRANTS) {
      const [r, g, b] = data.subarray((y * 48 + x) * 4);
      expect([g, b]).toEqual([r, r]);
      expect(Math.abs((r as number) - luma(rgb))).toBeLessThanOrEqual(4);
    }
  });

  it.each(["alpha.png", "alpha.webp"])("%s with straight alpha", async (name) => {
    const { data } = await decoded(picture(name));
    for (const x of [1, 100, 255]) {
      expect([...data.subarray(x * 4, x * 4 + 4)]).toEqual([180, 20, 90, x]);
    }
  });
});

it.each(["baseline.jpg", "rgb.png", "lossless.webp"])(
  "goes on decoding after a damaged file of the same format as %s",
  async (name) => {
    const damaged = picture(name);
    const { format, width, height, orientation } = sniff(damaged);
    const wrong = { format, width: width + 1, height, orientation };
    const corrupt = expect.objectContaining({ code: "corrupt_image" });
    await expect(decode(damaged, wrong)).rejects.toThrow(corrupt);
    damaged.fill(0xff, Math.floor(damaged.length * 0.3), Math.floor(damaged.length * 0.8));
    await expect(decode(damaged, { format, width, height, orientation })).rejects.toThrow(corrupt);
    expect((await decoded(picture(name))).width).toBe(48);
  },
);

it("refuses too many pixels by the header alone", async () => {
  const header = { format: "jpeg", width: 2500, height: 2001, orientation: 1 } as const;
  const nothing = new Uint8Array();
  const refusal = expect.objectContaining({ code: "too_many_pixels" });
  await expect(decode(nothing, header)).rejects.toThrow(refusal);
});
