import { type ErrorCode, HemlineError } from "../../errors.ts";

/** The statuses of `assembly/status.ts`, by number. */
const FAILURES: Record<number, readonly [ErrorCode, string]> = {
  1: ["corrupt_image", "The JPEG is cut short."],
  2: ["corrupt_image", "This is not a JPEG."],
  3: ["corrupt_image", "A segment of the JPEG has an impossible length."],
  4: ["corrupt_image", "A table of the JPEG is damaged."],
  5: ["corrupt_image", "The JPEG's picture data is damaged."],
  6: ["corrupt_image", "The JPEG's frame header is damaged."],
  7: ["corrupt_image", "A scan header of the JPEG is damaged."],
  8: ["corrupt_image", "A restart marker of the JPEG is missing."],
  9: ["corrupt_image", "The JPEG lacks a table that it uses."],
  10: ["unsupported_type", "Lossless, hierarchical and arithmetic JPEGs cannot be read."],
  11: ["unsupported_type", "JPEGs of other than 8 bits a sample cannot be read."],
  12: ["unsupported_type", "JPEGs of other than 1, 3 or 4 components cannot be read."],
  13: ["corrupt_image", "The JPEG has more than 100 scans."],
  14: ["too_many_pixels", "Decoding the JPEG takes more memory than there is."],
};

export function failure(status: number): HemlineError {
  const [code, detail] = FAILURES[status] ?? ["internal", `The decoder answered ${status}.`];
  return new HemlineError(code, detail);
}
