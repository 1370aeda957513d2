import { describe, expect, it } from "vitest";
import { decode } from "../../../worker/image/decode.ts";
import { sniff } from "../../../worker/image/sniff.ts";
import { picture } from "../../fixtures/pictures.ts";

const code = (value: string) => expect.objectContaining({ code: value });

describe("recognises by bytes and reads the header of", () => {
  it.each([
    ["baseline.jpg", "jpeg"],
    ["progressive.jpg", "jpeg"],
    ["grey.jpg", "jpeg"],
    ["rgb.png", "png"],
    ["grey.png", "png"],
    ["grey16.png", "png"],
    ["palette.png", "png"],
    ["lossy.webp", "webp"],
    ["lossless.webp", "webp"],
    ["animated.webp", "webp"],
    ["still.gif", "gif"],
    ["still.avif", "avif"],
    ["cmyk.jpg", "jpeg"],
  ])("%s", (name, format) => {
    expect(sniff(picture(name))).toEqual({ format, width: 48, height: 32, orientation: 1 });
  });
});

it("reads the size of an extended WebP's canvas", () => {
  expect(sniff(picture("alpha.webp"))).toMatchObject({ width: 256, height: 24 });
});

describe("reads the orientation", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])("%i from a JPEG's APP1", (orientation) => {
    const turned = orientation >= 5;
    expect(sniff(picture(`orientation-${orientation}.jpg`))).toMatchObject({
      orientation,
      width: turned ? 32 : 48,
      height: turned ? 48 : 32,
    });
  });
  it.each(["png", "webp", "avif"])("from a %s", (format) => {
    expect(sniff(picture(`orientation-6.${format}`))).toMatchObject({ orientation: 6 });
  });
});

describe("refuses", () => {
  it("no bytes at all", () => {
    expect(() => sniff(new Uint8Array())).toThrow(code("empty_body"));
  });
  it.each([
    ["TIFF", "II*\0", 0],
    ["BMP", "BM", 0],
    ["SVG", "<svg xmlns", 0],
    ["PDF", "%PDF-1.7", 0],
    ["These bytes", "hello, world", 0],
  ])("%s by name", (name, magic, at) => {
    const bytes = new Uint8Array(64);
    bytes.set(new TextEncoder().encode(magic), at);
    const detail = expect.stringContaining(name);
    expect(() => sniff(bytes)).toThrow(
      expect.objectContaining({ code: "unsupported_type", detail }),
    );
  });
});

describe("never reads past the end:", () => {
  it.each(["baseline.jpg", "orientation-6.jpg", "rgb.png", "orientation-6.png"])(
    "%s cut at any byte is corrupt, or not recognised at all",
    async (name) => {
      const bytes = picture(name);
      const refused = expect.objectContaining({
        code: expect.stringMatching(/^(corrupt_image|unsupported_type)$/),
      });
      for (let length = 1; length < bytes.length - 8; length++) {
        const cut = bytes.subarray(0, length);
        const decoded = (async () => decode(cut, sniff(cut)))();
        await expect(decoded, `${length} bytes`).rejects.toThrow(refused);
      }
    },
  );
  it("a WebP cut within its header is corrupt", () => {
    for (const name of ["lossy.webp", "lossless.webp", "alpha.webp"]) {
      const bytes = picture(name);
      for (let length = 12; length < bytes.length - 1; length++) {
        expect(() => sniff(bytes.subarray(0, length))).toThrow(code("corrupt_image"));
      }
    }
  });
});

describe("calls corrupt", () => {
  it.each([
    ["a JPEG without height", "baseline.jpg", [0xff, 0xc0], 5, [0, 0]],
    ["a PNG without width", "rgb.png", [0x49, 0x48, 0x44, 0x52], 4, [0, 0, 0, 0]],
    ["a PNG that begins with another chunk", "rgb.png", [0x49, 0x48, 0x44, 0x52], 0, [0x69]],
    ["a WebP frame without start code", "lossy.webp", [0x9d, 0x01, 0x2a], 0, [0]],
    ["a WebP of unknown chunks", "lossy.webp", [0x56, 0x50, 0x38, 0x20], 0, [0x58]],
    ["a JPEG with an impossible segment", "baseline.jpg", [0xff, 0xdb], 2, [0, 1]],
  ])("%s", (_, name, at, skip, patch) => {
    const bytes = picture(name);
    const start = bytes.findIndex((_, i) => at.every((value, k) => bytes[i + k] === value));
    expect(start).toBeGreaterThan(0);
    bytes.set(patch, start + skip);
    expect(() => sniff(bytes)).toThrow(code("corrupt_image"));
  });
});

it("takes damaged EXIF for no EXIF: the picture may be sound", () => {
  const bytes = picture("orientation-6.jpg");
  const start = bytes.findIndex((byte, i) => byte === 0x45 && bytes[i + 1] === 0x78); // "Ex"
  bytes.fill(0xff, start + 8, start + 20);
  expect(sniff(bytes).orientation).toBe(1);
});

describe("looks at a bounded number of pieces:", () => {
  const repeated = (head: number[], piece: number[], tail: number[] = []) => {
    const bytes = new Uint8Array(head.length + piece.length * 20_000 + tail.length);
    bytes.set(head);
    for (let i = 0; i < 20_000; i++) bytes.set(piece, head.length + i * piece.length);
    bytes.set(tail, bytes.length - tail.length);
    return bytes;
  };
  const ascii = (text: string) => [...new TextEncoder().encode(text)];

  it.each([
    ["empty JPEG comments", repeated([0xff, 0xd8], [0xff, 0xfe, 0, 2])],
    [
      "empty PNG chunks",
      repeated([...picture("rgb.png").subarray(0, 33)], [0, 0, 0, 0, ...ascii("tEXt"), 0, 0, 0, 0]),
    ],
    ["empty WebP chunks", repeated([...picture("lossless.webp")], [...ascii("JUNK"), 0, 0, 0, 0])],
  ])("%s", (_, bytes) => {
    expect(() => sniff(bytes)).toThrow(code("corrupt_image"));
  });

  it("a bomb of a PNG is refused by its header", async () => {
    const bytes = picture("rgb.png");
    new DataView(bytes.buffer).setUint32(16, 60_000);
    new DataView(bytes.buffer).setUint32(20, 60_000);
    await expect(decode(bytes, sniff(bytes))).rejects.toThrow(code("too_many_pixels"));
  });
});
