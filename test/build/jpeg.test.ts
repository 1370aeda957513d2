import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { compileJpeg, JPEG_WASM } from "../../build/jpeg.ts";

it("the committed JPEG decoder is what its sources compile to", async () => {
  const committed = readFileSync(JPEG_WASM);
  expect(Buffer.compare(await compileJpeg(), committed)).toBe(0);
});
