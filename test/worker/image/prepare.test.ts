import { describe, expect, it } from "vitest";
import { preprocess } from "../../../model/preprocess.ts";
import { decode } from "../../../worker/image/decode.ts";
import { turnSquare } from "../../../worker/image/orientation.ts";
import type { Pixels } from "../../../worker/image/pixels.ts";
import { prepare } from "../../../worker/image/prepare.ts";
import { type Orientation, sniff } from "../../../worker/image/sniff.ts";
import { picture } from "../../fixtures/pictures.ts";
import { flattenOverWhite } from "./twins/alpha.ts";
import { areaResize } from "./twins/area.ts";

/** A small generator (mulberry32), so that every run sees the same noise. */
function noise(width: number, height: number, channels: 3 | 4): Pixels {
  let state = width * 7919 + height;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) & 255;
  };
  const data = Uint8Array.from({ length: width * height * channels }, next);
  return { data, width, height, channels };
}

/** The definition, cell by cell, in big integers. */
function slowly({ data, width, height, channels }: Pixels, size: number): Uint8Array {
  const overlap = (i: number, source: number, s: number) =>
    Math.max(0, Math.min((i + 1) * source, (s + 1) * size) - Math.max(i * source, s * size));
  const area = BigInt(width * height);
  return Uint8Array.from({ length: size * size * 3 }, (_, at) => {
    const [c, i, j] = [at % 3, Math.floor(at / 3) % size, Math.floor(at / 3 / size)];
    let sum = 0n;
    for (let y = 0; y < height; y++) {
      const oy = overlap(j, height, y);
      if (oy === 0) continue;
      for (let x = 0; x < width; x++) {
        const weight = oy * overlap(i, width, x);
        sum += BigInt(weight) * BigInt(data[(y * width + x) * channels + c] as number);
      }
    }
    return Number((2n * sum + area) / (2n * area));
  });
}

describe("area averaging equals its definition in big integers for", () => {
  it.each([
    [1, 1, 3, 4],
    [7, 5, 3, 5],
    [5, 7, 4, 5],
    [3, 2, 3, 8],
    [16, 16, 4, 8],
    [37, 23, 4, 8],
    [8, 8, 3, 8],
    [61, 9, 3, 7],
  ] as const)("%i x %i, %i channels, to %i", (width, height, channels, size) => {
    const source = noise(width, height, channels);
    expect(areaResize(source, size)).toEqual(slowly(source, size));
  });
});

it("area averaging keeps black and white at 5 megapixels", () => {
  for (const value of [0, 255]) {
    const data = new Uint8Array(2500 * 2000 * 3).fill(value);
    const square = areaResize({ data, width: 2500, height: 2000, channels: 3 }, preprocess.size);
    expect(square.every((pixel) => pixel === value)).toBe(true);
  }
});

it("alpha fades to white, rounding to nearest", () => {
  for (let alpha = 0; alpha <= 255; alpha++) {
    const data = Uint8Array.of(180, 20, 90, alpha);
    flattenOverWhite({ data, width: 1, height: 1, channels: 4 });
    const mixed = [180, 20, 90].map((c) => Math.round((c * alpha + 255 * (255 - alpha)) / 255));
    expect([...data]).toEqual([...mixed, 255]);
  }
});

describe("orientation", () => {
  const turn = (data: number[], orientation: Orientation) => {
    const rgb = data.flatMap((value) => [value, value, value]);
    const out = turnSquare(Uint8Array.from(rgb), 2, orientation);
    return [...out].filter((_, i) => i % 3 === 0);
  };
  // Stored as 1 2 / 3 4; Exif 3.0 says where row 0 and column 0 belong.
  it.each([
    [1, [1, 2, 3, 4]],
    [2, [2, 1, 4, 3]],
    [3, [4, 3, 2, 1]],
    [4, [3, 4, 1, 2]],
    [5, [1, 3, 2, 4]],
    [6, [3, 1, 4, 2]],
    [7, [4, 2, 3, 1]],
    [8, [2, 4, 1, 3]],
  ] as const)("%i is undone", (orientation, upright) => {
    expect(turn([1, 2, 3, 4], orientation)).toEqual(upright);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])("%i: a file comes out upright", async (orientation) => {
    const square = await squareOf(`orientation-${orientation}.jpg`);
    expectQuadrants(square, 8);
  });
  it.each([
    ["png", 0],
    ["webp", 0],
    ["avif", 8],
  ])("is read from a %s too", async (format, tolerance) => {
    expectQuadrants(await squareOf(`orientation-6.${format}`), tolerance);
  });
});

async function squareOf(name: string): Promise<Uint8Array> {
  const bytes = picture(name);
  const header = sniff(bytes);
  return prepare(await decode(bytes, header), header.orientation);
}

/** Red, green over blue, yellow, as `draw.py` drew them. */
function expectQuadrants(square: Uint8Array, tolerance: number): void {
  const { size } = preprocess;
  const expected = [
    [0.25, 0.25, 200, 30, 30],
    [0.75, 0.25, 30, 160, 60],
    [0.25, 0.75, 30, 60, 190],
    [0.75, 0.75, 230, 200, 40],
  ] as const;
  for (const [x, y, ...rgb] of expected) {
    const at = (Math.floor(y * size) * size + Math.floor(x * size)) * 3;
    for (const [c, value] of rgb.entries()) {
      expect(Math.abs((square[at + c] as number) - value)).toBeLessThanOrEqual(tolerance);
    }
  }
}
