import { afterEach, expect, it, vi } from "vitest";
import { decode } from "../../../worker/image/decode.ts";
import { JpegDecoder } from "../../../worker/image/jpeg/decoder.ts";
import { sniff } from "../../../worker/image/sniff.ts";
import { HOSTILE } from "../../fixtures/hostile.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** Numbers that may be read out of a header: ten thousand chunks of a PNG, three apiece. */
const MOST_READS = 100_000;
/** How far into the file a header may lead: none of these says that anything lies further on. */
const PREFIX = 200_000;

it.each(HOSTILE)("$name: refused by its header, no decoder starts", async ({ bytes, code }) => {
  const started = [
    vi.spyOn(WebAssembly, "Instance"),
    vi.spyOn(JpegDecoder.prototype, "open"),
    vi.spyOn(JpegDecoder.prototype, "collect"),
    vi.spyOn(globalThis, "DecompressionStream"),
  ];
  let [reads, furthest] = [0, 0];
  for (const name of ["getUint8", "getUint16", "getUint32"] as const) {
    const original = DataView.prototype[name];
    vi.spyOn(DataView.prototype, name).mockImplementation(function (this: DataView, at, little) {
      reads++;
      furthest = Math.max(furthest, at);
      return original.call(this, at, little);
    });
  }
  const refused = (async () => decode(bytes, sniff(bytes)))();
  await expect(refused).rejects.toThrow(expect.objectContaining({ code }));
  for (const start of started) expect(start).not.toHaveBeenCalled();
  expect(reads).toBeLessThan(MOST_READS);
  expect(furthest).toBeLessThan(PREFIX);
});
