/** The built Worker bound to Cloudflare Images as Miniflare simulates it (with sharp). */
import sharp from "sharp";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PIXEL_LIMITS } from "../../worker/image/limits.ts";
import { type ServedWorker, serveWorker } from "./worker.ts";

let worker: ServedWorker;
beforeAll(async () => {
  worker = await serveWorker("test/served/square.ts", "images", { images: true });
});
afterAll(() => worker?.stop());

/** Four colours, one a quarter: red, green; blue, yellow. */
const [width, height] = [1500, 1000];
function quarters() {
  const data = new Uint8Array(width * height * 3);
  const colours = [200, 30, 30, 30, 160, 60, 30, 60, 190, 230, 200, 40];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const quarter = (y < height / 2 ? 0 : 2) + (x < width / 2 ? 0 : 1);
      data.set(colours.slice(quarter * 3, quarter * 3 + 3), (y * width + x) * 3);
    }
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

async function squareOf(bytes: Uint8Array): Promise<Uint8Array> {
  const response = await fetch(worker.url, { method: "POST", body: new Uint8Array(bytes) });
  expect(response.status, await response.clone().text()).toBe(200);
  return response.bytes();
}

it.each([1, 6, 8])(
  "an AVIF past the decoder's limit, orientation %i, gives the square of the small picture",
  async (orientation) => {
    // Lossless and grained as PNG, so that this one is decoded here.
    const turned = quarters().withMetadata({ orientation });
    const large = await turned.clone().avif({ quality: 95, chromaSubsampling: "4:4:4" }).toBuffer();
    expect(width * height).toBeGreaterThan(PIXEL_LIMITS.avif);
    const [through, here] = [await squareOf(large), await squareOf(await turned.png().toBuffer())];
    const apart = through.map((value, i) => Math.abs(value - (here[i] as number)));
    const mean = apart.reduce((sum, value) => sum + value, 0) / apart.length;
    expect(mean).toBeLessThan(2);
  },
);
