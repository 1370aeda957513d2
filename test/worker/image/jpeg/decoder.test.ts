import { describe, expect, it } from "vitest";
import { JpegDecoder, SIZES, type Size } from "../../../../worker/image/jpeg/decoder.ts";
import module from "../../../../worker/image/jpeg/jpeg.wasm";
import expected from "../../../fixtures/pictures/jpeg/expected.json";
import { picture } from "../../../fixtures/pictures.ts";
import { areaResize } from "../twins/area.ts";

const LIMIT = 64_000_000;
const decoder = new JpegDecoder(module);
const pixels = (name: string, size: Size) =>
  decoder.pixels(decoder.open(picture(name))[size], LIMIT);

async function sha256(data: Uint8Array): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data)).toHex();
}

/** Kept coefficients at 1/8 are the DC alone, so subsampled colour is coarser than libjpeg's. */
const isCoarse = (name: string, size: Size) =>
  size === 1 && /progressive|odd|lone|two/.test(name) && !/^(grey|1x1)/.test(name);

describe("gives libjpeg-turbo's pixels, bit by bit, of", () => {
  const cases = Object.entries(expected).flatMap(([name, sizes]) =>
    SIZES.filter((size) => !isCoarse(name, size)).map((size) => ({
      name,
      size,
      expected: sizes[size],
    })),
  );
  it.each(cases)("$name at $size/8", async ({ name, size, expected }) => {
    const { data, width, height } = pixels(`jpeg/${name}`, size);
    expect([width, height, await sha256(data)]).toEqual(expected);
  });
});

describe("from the DC coefficients alone, keeps the mean of every colour of", () => {
  const names = Object.keys(expected).filter((name) => /^\dx.*progressive/.test(name));
  it.each(names)("%s", (name) => {
    const coarse = pixels(`jpeg/${name}`, 1).data;
    const fine = pixels(`jpeg/${name.replace("progressive", "baseline")}`, 1).data;
    for (const channel of [0, 1, 2]) {
      const sum = coarse.reduce(
        (s, v, i) => (i % 3 === channel ? s + v - (fine[i] as number) : s),
        0,
      );
      // Clipping at 0 and 255 is what remains.
      expect(Math.abs((sum * 3) / coarse.length)).toBeLessThan(4);
    }
  });
});

describe("squashes rows as it decodes them", () => {
  it.each(Object.keys(expected))("%s at full size, to the same bytes as the definition", (name) => {
    for (const side of [5, 160]) {
      const whole = pixels(`jpeg/${name}`, 8);
      const plan = decoder.open(picture(`jpeg/${name}`))[8];
      expect(decoder.square(plan, side, LIMIT)).toEqual(areaResize(whole, side));
    }
  });

  it("at 1/8, weighing the last row and column by what they hold of the picture", () => {
    // 17 x 33 at 1/8: the third column stands for one pixel's width, the fifth row for one's height.
    const { data, width } = pixels("jpeg/mcu-baseline.jpg", 1);
    const square = decoder.square(decoder.open(picture("jpeg/mcu-baseline.jpg"))[1], 1, LIMIT);
    for (const channel of [0, 1, 2]) {
      let sum = 0;
      for (let y = 0; y < 5; y++) {
        for (let x = 0; x < 3; x++) {
          const weight = (x === 2 ? 1 : 8) * (y === 4 ? 1 : 8);
          sum += weight * (data[(y * width + x) * 3 + channel] as number);
        }
      }
      expect(square[channel]).toBe(Math.floor((2 * sum + 561) / (2 * 561)));
    }
  });
});

describe("four inks:", () => {
  const CENTRES = [
    [12, 8, [200, 30, 30]],
    [36, 8, [30, 160, 60]],
    [12, 24, [30, 60, 190]],
    [36, 24, [230, 200, 40]],
  ] as const;
  const expectQuadrants = (bytes: Uint8Array, colours: (rgb: number[]) => number[]) => {
    const { data, width } = decoder.pixels(decoder.open(bytes)[8], LIMIT);
    for (const [x, y, rgb] of CENTRES) {
      const at = (y * width + x) * 3;
      const wanted = colours([...rgb]);
      for (let c = 0; c < 3; c++) {
        expect(Math.abs((data[at + c] as number) - (wanted[c] as number))).toBeLessThanOrEqual(8);
      }
    }
  };
  const APP14 = [0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65];
  const adobeAt = (bytes: Uint8Array) =>
    bytes.findIndex((_, i) => APP14.every((value, k) => bytes[i + k] === value));

  it("Adobe's inverted CMYK", () => {
    expectQuadrants(picture("cmyk.jpg"), (rgb) => rgb);
  });

  it("plain CMYK, without Adobe's marker", () => {
    const bytes = picture("cmyk.jpg");
    // As a comment the segment is passed over; ink is then read the other way round: no ink in K
    // (255) means black.
    bytes[adobeAt(bytes) + 1] = 0xfe;
    expectQuadrants(bytes, () => [0, 0, 0]);
  });

  it("YCCK", () => {
    const bytes = picture("cmyk.jpg");
    bytes[adobeAt(bytes) + 15] = 2;
    // libjpeg: C = 255 - (Y + 1.402 Cr'), and so on, of the same samples; K says no ink.
    expectQuadrants(bytes, ([y = 0, cb = 0, cr = 0]) =>
      [
        255 - (y + 1.402 * (cr - 128)),
        255 - (y - 0.34414 * (cb - 128) - 0.71414 * (cr - 128)),
        255 - (y + 1.772 * (cb - 128)),
      ].map((v) => Math.max(0, Math.min(255, v))),
    );
  });
});
