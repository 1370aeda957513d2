import { describe, expect, it } from "vitest";
import { preprocess } from "../../../model/preprocess.ts";
import { decode } from "../../../worker/image/decode.ts";
import { JpegDecoder } from "../../../worker/image/jpeg/decoder.ts";
import module from "../../../worker/image/jpeg/jpeg.wasm";
import { PIXEL_LIMITS } from "../../../worker/image/limits.ts";
import type { Pixels } from "../../../worker/image/pixels.ts";
import { type Header, sniff } from "../../../worker/image/sniff.ts";
import { picture } from "../../fixtures/pictures.ts";
import { flattenOverWhite } from "./twins/alpha.ts";
import { areaResize } from "./twins/area.ts";

const { size } = preprocess;
const decoded = (bytes: Uint8Array) => decode(bytes, sniff(bytes));
const code = (value: string) => expect.objectContaining({ code: value });

/** The colour of each quadrant as `draw.py` drew it. */
const QUADRANTS = [
  { x: 0.25, y: 0.25, rgb: [200, 30, 30] },
  { x: 0.75, y: 0.25, rgb: [30, 160, 60] },
  { x: 0.25, y: 0.75, rgb: [30, 60, 190] },
  { x: 0.75, y: 0.75, rgb: [230, 200, 40] },
];
const luma = ([r = 0, g = 0, b = 0]: number[]) => 0.299 * r + 0.587 * g + 0.114 * b;
const at = (square: Uint8Array, x: number, y: number) => {
  const from = (Math.floor(y * size) * size + Math.floor(x * size)) * 3;
  return [...square.subarray(from, from + 3)] as [number, number, number];
};

describe("decodes", () => {
  it.each([
    ["rgb.png", 0],
    ["palette.png", 0],
    ["rgb16.png", 0],
    ["interlaced.png", 0],
    ["keyed.png", 0],
    ["lossless.webp", 0],
    ["still.gif", 0],
    ["animated.webp", 12],
    ["baseline.jpg", 8],
    ["progressive.jpg", 8],
    ["cmyk.jpg", 8],
    ["icc.jpg", 8],
    ["lossy.webp", 12],
    ["still.avif", 8],
  ])("%s to the colours drawn, within %i", async (name, tolerance) => {
    const square = await decoded(picture(name));
    expect(square.length).toBe(size * size * 3);
    for (const { x, y, rgb } of QUADRANTS) {
      for (const [c, value] of at(square, x, y).entries()) {
        expect(Math.abs(value - (rgb[c] as number))).toBeLessThanOrEqual(tolerance);
      }
    }
  });

  it.each(["grey.png", "grey16.png", "grey4.png", "grey4-interlaced.png", "grey.jpg"])(
    "%s to grey",
    async (name) => {
      const square = await decoded(picture(name));
      for (const { x, y, rgb } of QUADRANTS) {
        const [r, g, b] = at(square, x, y);
        expect([g, b]).toEqual([r, r]);
        const steps = name.startsWith("grey4") ? 17 : 4;
        expect(Math.abs(r - luma(rgb))).toBeLessThanOrEqual(steps);
      }
    },
  );

  it.each(["alpha.png", "alpha.webp", "alpha.avif", "alpha16.png"])(
    "%s over white",
    async (name) => {
      const data = Uint8Array.from({ length: 256 * 4 * 24 }, (_, i) =>
        i % 4 === 3 ? Math.floor(i / 4) % 256 : ([180, 20, 90][i % 4] as number),
      );
      const ramp: Pixels = { data, width: 256, height: 24, channels: 4 };
      flattenOverWhite(ramp);
      const wanted = areaResize(ramp, size);
      const tolerance = name.endsWith("avif") ? 6 : 0;
      const worst = Math.max(
        ...(await decoded(picture(name))).map((v, i) => Math.abs(v - (wanted[i] as number))),
      );
      expect(worst).toBeLessThanOrEqual(tolerance);
    },
  );
});

it("other decoders' pixels are squashed as the definition says, in strips of any height", () => {
  const decoder = new JpegDecoder(module);
  for (const [width, height] of [
    [1, 1],
    [61, 43],
    [700, 331],
    [3, 900],
  ] as const) {
    const data = Uint8Array.from({ length: width * height * 4 }, (_, i) => (i * 2654435761) >>> 13);
    const collector = decoder.collect(size, width, height);
    for (let y = 0; y < height; y += 17)
      collector.add(data.slice(y * width * 4, (y + 17) * width * 4));
    const whole: Pixels = { data, width, height, channels: 4 };
    flattenOverWhite(whole);
    expect(collector.take()).toEqual(areaResize(whole, size));
  }
});

describe("after a failure the next picture works:", () => {
  it.each([
    "baseline.jpg",
    "progressive.jpg",
    "rgb.png",
    "lossless.webp",
    "still.avif",
    "still.gif",
  ])("%s", async (name) => {
    const damaged = picture(name);
    const { format, width, height, orientation } = sniff(damaged);
    const header: Header = { format, width, height, orientation };
    if (format === "webp" || format === "avif") {
      const lying = { ...header, width: width + 1 };
      await expect(decode(damaged, lying)).rejects.toThrow(code("corrupt_image"));
    }
    const cut = damaged.subarray(0, Math.floor(damaged.length * 0.7));
    await expect(decode(cut, header)).rejects.toThrow(code("corrupt_image"));
    expect((await decoded(picture(name))).length).toBe(size * size * 3);
  });
});

describe("refuses by the header alone", () => {
  it.each(Object.entries(PIXEL_LIMITS))("too many pixels: %s", async (kind, limit) => {
    const [format = "", interlaced] = kind.split(", ");
    const width = Math.ceil(Math.sqrt(limit));
    const header = { format, width, height: width + 1, orientation: 1 } as Header;
    if (interlaced) header.interlaced = true;
    const refusal = decode(new Uint8Array(), header);
    await expect(refusal).rejects.toThrow(code("too_many_pixels"));
  });
});

it("a keyed colour of a PNG is transparent: red turns white", async () => {
  const square = await decoded(picture("red-keyed.png"));
  expect(at(square, 0.25, 0.25)).toEqual([255, 255, 255]);
  expect(at(square, 0.75, 0.25)).toEqual([30, 160, 60]);
});

describe("refuses", () => {
  it("a WebP whose size changes under way", async () => {
    const bytes = picture("lossless.webp");
    const header = { ...sniff(bytes), height: 31 };
    await expect(decode(bytes, header)).rejects.toThrow(code("corrupt_image"));
  });
});
