/** Small drawn pictures, each with bytes of its own, and some that no decoder can read. */
import sharp from "sharp";
import { getPlatformProxy } from "wrangler";
import { ROOT } from "../served/worker.ts";

const [WIDTH, HEIGHT] = [48, 64];

/** A garment of a colour and a width of its own, as JPEG. */
export async function drawn(index: number): Promise<Buffer> {
  const raw = Buffer.alloc(WIDTH * HEIGHT * 3, 236);
  const color = [(index * 37) % 200, (index * 71) % 200, (index * 113) % 200];
  for (let y = 8; y < HEIGHT - 4; y++) {
    const half = 6 + ((index % 10) + 2) * (y / HEIGHT);
    for (let x = Math.ceil(WIDTH / 2 - half); x < WIDTH / 2 + half; x++) {
      raw.set(color, (y * WIDTH + x) * 3);
    }
  }
  // The number itself, as a row of dots: no two files are the same.
  for (let bit = 0; bit < 16; bit++) {
    if ((index >> bit) & 1) raw.fill(0, bit * 9, bit * 9 + 9);
  }
  const image = sharp(raw, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
  return image.jpeg({ quality: 80 }).toBuffer();
}

/** Pictures that nobody can tag: half a file, a text, and a PNG that says 60,000 x 60,000. */
export async function poison(): Promise<Buffer[]> {
  const half = (await drawn(9999)).subarray(0, 400);
  const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: "red" } })
    .png()
    .toBuffer();
  png.writeUInt32BE(60_000, 16);
  png.writeUInt32BE(60_000, 20);
  return [half, Buffer.from("<html>not found</html>"), png];
}

/** Puts objects into the local bucket of a Worker that is not running. `state`: its folder. */
export async function fillBucket(state: string, objects: Map<string, Buffer>): Promise<void> {
  const { env, dispose } = await getPlatformProxy<{
    UPLOADS: { put(key: string, value: Buffer, options: object): Promise<unknown> };
  }>({ configPath: `${ROOT}/wrangler.toml`, persist: { path: `${state}/v3` } });
  try {
    for (const [key, bytes] of objects) {
      await env.UPLOADS.put(key, bytes, { httpMetadata: { contentType: "image/jpeg" } });
    }
  } finally {
    await dispose();
  }
}
