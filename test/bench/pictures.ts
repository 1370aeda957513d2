/** Real photographs in the sizes that uploads have, as baseline JPEG files. */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import decode, { init as initDecoder } from "@jsquash/jpeg/decode.js";
import encode, { init as initEncoder } from "@jsquash/jpeg/encode.js";
import { PHOTOS } from "../photos.ts";

export interface Picture {
  bytes: Uint8Array<ArrayBuffer>;
  width: number;
  height: number;
}

/** About what a phone's JPEG of that size weighs: 0.19 bytes a pixel. */
const QUALITY = 88;
const GRAIN = 11;

/** `count` photographs, spread over the data set, as stored and decoded. */
export async function readPhotographs(count: number): Promise<ImageData[]> {
  await Promise.all([start(initDecoder, "dec"), start(initEncoder, "enc")]);
  const names = readdirSync(`${PHOTOS}/images`).sort();
  const step = Math.floor(names.length / count);
  return Promise.all(
    Array.from({ length: count }, (_, i) => {
      const bytes = readFileSync(`${PHOTOS}/images/${names[i * step]}`);
      return decode(new Uint8Array(bytes).buffer);
    }),
  );
}

/** The photograph at about so many megapixels: enlarged, with grain where detail is missing. */
export async function resized(photograph: ImageData, megapixels: number): Promise<Picture> {
  const factor = Math.sqrt((megapixels * 1e6) / (photograph.width * photograph.height));
  const image = enlarge(photograph, factor);
  const bytes = new Uint8Array(
    await encode(image, { quality: QUALITY, progressive: false, optimize_coding: true }),
  );
  return { bytes, width: image.width, height: image.height };
}

function enlarge({ data, width, height }: ImageData, factor: number): ImageData {
  const [w, h] = [Math.floor(width * factor), Math.floor(height * factor)];
  const out = new Uint8ClampedArray(w * h * 4);
  let state = 1;
  for (let y = 0; y < h; y++) {
    const [y0, y1, fy] = between((y + 0.5) / factor - 0.5, height);
    for (let x = 0; x < w; x++) {
      const [x0, x1, fx] = between((x + 0.5) / factor - 0.5, width);
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // Numerical Recipes' generator
      const grain = factor > 1 ? (state / 2 ** 32 - 0.5) * 2 * GRAIN : 0;
      const at = (y * w + x) * 4;
      for (let c = 0; c < 3; c++) {
        const pixel = (px: number, py: number) => data[(py * width + px) * 4 + c] as number;
        const top = pixel(x0, y0) * (1 - fx) + pixel(x1, y0) * fx;
        const bottom = pixel(x0, y1) * (1 - fx) + pixel(x1, y1) * fx;
        out[at + c] = top * (1 - fy) + bottom * fy + grain;
      }
      out[at + 3] = 255;
    }
  }
  return { data: out, width: w, height: h, colorSpace: "srgb" } as ImageData;
}

/** The two source positions around `at`, and how far it lies towards the second. */
function between(at: number, length: number): [number, number, number] {
  const inside = Math.min(Math.max(at, 0), length - 1);
  const first = Math.floor(inside);
  return [first, Math.min(first + 1, length - 1), inside - first];
}

type Init = (module: WebAssembly.Module) => Promise<void>;

function start(init: unknown, part: "dec" | "enc"): Promise<void> {
  const path = createRequire(import.meta.url).resolve(
    `@jsquash/jpeg/codec/${part}/mozjpeg_${part}.wasm`,
  );
  // The package's declaration leaves out the module that it takes.
  return (init as Init)(new WebAssembly.Module(readFileSync(path)));
}
