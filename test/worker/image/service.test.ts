import { describe, expect, it } from "vitest";
import { preprocess } from "../../../model/preprocess.ts";
import { createApp } from "../../../worker/app.ts";
import type { ImageService } from "../../../worker/image/service.ts";
import { picture } from "../../fixtures/pictures.ts";
import { hostFinding } from "../tagger.ts";

const { size } = preprocess;
const development = { HEMLINE_ENV: "development" };

/** What the service was asked, and the squares that the network was shown. */
interface Seen {
  sent: Uint8Array[];
  asked: unknown[];
  squares: Uint8Array[];
}

/** Cloudflare Images as far as it is used here: gives `answer`, or throws it. */
function service(answer: Uint8Array<ArrayBuffer> | Error, seen: Seen): ImageService {
  const transformer = {
    transform(options: unknown) {
      seen.asked.push(options);
      return transformer;
    },
    async output(options: unknown) {
      seen.asked.push(options);
      if (answer instanceof Error) throw answer;
      return { image: () => new Blob([answer]).stream() };
    },
  };
  const input = (stream: ReadableStream<Uint8Array>) => {
    new Response(stream).bytes().then((bytes) => seen.sent.push(bytes));
    return transformer;
  };
  return { input } as unknown as ImageService;
}

async function post(bytes: Uint8Array<ArrayBuffer>, answer?: Uint8Array<ArrayBuffer> | Error) {
  const seen: Seen = { sent: [], asked: [], squares: [] };
  const app = createApp(hostFinding({ category: { dress: 0.9 } }, seen.squares));
  const env = answer ? { ...development, IMAGES: service(answer, seen) } : development;
  const response = await app.request("/v1/tags", { method: "POST", body: bytes }, env);
  const body = (await response.json()) as Record<string, unknown>;
  return { seen, status: response.status, body };
}

/** The AVIF's boxes under HEIC's brand: what is inside is nobody's business here. */
function heic(name: string): Uint8Array<ArrayBuffer> {
  const bytes = picture(name);
  const brands = bytes.subarray(8, new DataView(bytes.buffer).getUint32(0));
  for (let i = 0; i + 4 <= brands.length; i += 4) {
    const brand = String.fromCharCode(...brands.subarray(i, i + 4));
    if (brand.startsWith("avi")) brands.set(new TextEncoder().encode("heic"), i);
  }
  return bytes;
}

/** An extended WebP says its size in its header, up to 2^24 each way. */
function wideWebp(width: number, height: number): Uint8Array<ArrayBuffer> {
  const bytes = picture("orientation-6.webp");
  const view = new DataView(bytes.buffer);
  for (const [at, value] of [
    [24, width - 1],
    [27, height - 1],
  ] as const) {
    view.setUint8(at, value & 255);
    view.setUint16(at + 1, value >> 8, true);
  }
  return bytes;
}

describe("without Cloudflare Images", () => {
  it("HEIC is a 415 that says what it takes", async () => {
    const { status, body } = await post(heic("still.avif"));
    expect([status, body.code]).toEqual([415, "unsupported_type"]);
    expect(body.detail).toContain("bound to Cloudflare Images (IMAGES)");
  });

  it("too large a WebP is a 413 that says what it takes", async () => {
    const { status, body } = await post(wideWebp(3000, 2000));
    expect([status, body.code]).toEqual([413, "too_many_pixels"]);
    expect(body.detail).toContain("bound to Cloudflare Images (IMAGES)");
  });
});

describe("with Cloudflare Images", () => {
  const small = picture("rgb.png");

  it.each([
    ["HEIC", heic("still.avif"), { width: 48, height: 32, format: "heic" }],
    // Stored on its side: EXIF orientation 6.
    ["too large a WebP", wideWebp(3000, 2000), { width: 2000, height: 3000, format: "webp" }],
  ])("%s goes through it, once, and comes back as a small square", async (_, bytes, image) => {
    const { status, body, seen } = await post(bytes, small);
    expect([status, body.image]).toEqual([200, image]);
    expect(seen.sent).toEqual([bytes]);
    const square = { width: 2 * size, height: 2 * size, fit: "squeeze" };
    expect(seen.asked).toEqual([square, { format: "image/png" }]);
  });

  it("what comes back is upright already: it is not turned by the first file's EXIF", async () => {
    const turned = await post(wideWebp(3000, 2000), small);
    const plain = await post(small);
    expect(turned.seen.squares).toEqual(plain.seen.squares);
  });

  it("what the decoders can do stays here", async () => {
    for (const name of ["baseline.jpg", "rgb.png", "lossy.webp", "still.avif", "still.gif"]) {
      const { status, seen } = await post(picture(name), small);
      expect([status, seen.asked]).toEqual([200, []]);
    }
  });

  it.each([
    [12_001, 500],
    [60_000, 60_000],
  ])("a PNG of %i x %i is too much for it as well", async (width, height) => {
    const bytes = picture("interlaced.png");
    const view = new DataView(bytes.buffer);
    view.setUint32(16, width);
    view.setUint32(20, Math.max(height, 2000));
    const { status, body, seen } = await post(bytes, small);
    expect([status, body.code, seen.sent]).toEqual([413, "too_many_pixels", []]);
    expect(body.detail).toContain("more than Cloudflare Images takes");
  });

  const failure = (code: number) => Object.assign(new Error("IMAGES_TRANSFORM_ERROR"), { code });
  it.each([
    [9412, 422, "corrupt_image"],
    [9413, 413, "too_many_pixels"],
    [9520, 415, "unsupported_type"],
    [9523, 502, "image_service_failed"],
    [9422, 502, "image_service_failed"],
  ])("its error %i is a %i %s", async (code, status, expected) => {
    const { body, ...answer } = await post(heic("still.avif"), failure(code));
    expect([answer.status, body.code]).toEqual([status, expected]);
  });

  it("GET /v1/model tells", async () => {
    const app = createApp(hostFinding({}));
    for (const images of [false, true]) {
      const env = images ? { ...development, IMAGES: {} as ImageService } : development;
      const model = await (await app.request("/v1/model", {}, env)).json();
      expect(model).toMatchObject({ limits: { images } });
    }
  });
});
