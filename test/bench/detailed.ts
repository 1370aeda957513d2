import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { PHOTOS } from "../photos.ts";

/** A JPEG file with a phone's detail. */
export interface Detailed {
  bytes: Uint8Array<ArrayBuffer>;
  width: number;
  height: number;
}

const BITS_PER_PIXEL = 2.5;
/** Less never suffices. */
const LEAST_NOISE = 16;
/** Drawing 48 megapixels takes longer than decoding them. */
const DRAWN = fileURLToPath(new URL("../../.cache/bench/", import.meta.url));

/** A real photograph enlarged, with seeded noise until it has a phone's bits per pixel. */
export async function drawDetailed(megapixels: number, progressive: boolean): Promise<Detailed> {
  const [width = 0, height = 0] = [0.866, 1.155].map((k) =>
    Math.round(k * Math.sqrt(megapixels * 1e6)),
  );
  const file = `${DRAWN}${megapixels}-${progressive ? "progressive" : "baseline"}.jpg`;
  if (existsSync(file)) return { bytes: new Uint8Array(readFileSync(file)), width, height };
  const name = readdirSync(`${PHOTOS}/images`).sort()[7];
  const enlarged = sharp(`${PHOTOS}/images/${name}`).rotate().removeAlpha();
  const options = { fit: "fill", kernel: "lanczos3" } as const;
  const plain = await enlarged.resize(width, height, options).raw().toBuffer();
  const raw = { width, height, channels: 3 as const };
  for (let strength = LEAST_NOISE; ; strength += 4) {
    const noisy = sharp(grain(plain, strength), { raw });
    const bytes = await noisy.jpeg({ quality: 88, progressive }).toBuffer();
    if (bytes.length * 8 < BITS_PER_PIXEL * width * height) continue;
    mkdirSync(DRAWN, { recursive: true });
    writeFileSync(file, bytes);
    return { bytes: new Uint8Array(bytes), width, height };
  }
}

/** Luminance noise, triangular, up to `strength` either way. */
function grain(pixels: Uint8Array, strength: number): Uint8Array {
  const out = Uint8Array.from(pixels);
  let state = 12345;
  for (let i = 0; i < out.length; i += 3) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const noise = Math.round((((state >>> 24) + ((state >>> 16) & 255)) / 255 - 1) * strength);
    for (let c = 0; c < 3; c++) {
      out[i + c] = Math.max(0, Math.min(255, (pixels[i + c] as number) + noise));
    }
  }
  return out;
}
