import { preprocess } from "../../model/preprocess.ts";
import { type ErrorCode, HemlineError } from "../errors.ts";
import type { Header } from "./sniff.ts";

/** What is used of Cloudflare Images, where the Worker is bound to it (`IMAGES`). */
export interface ImageService {
  input(picture: ReadableStream<Uint8Array>): Transformer;
}

interface Transformer {
  transform(options: { width: number; height: number; fit: "squeeze" }): Transformer;
  output(options: { format: "image/png" }): Promise<{ image(): ReadableStream<Uint8Array> }>;
}

/** What the service takes (developers.cloudflare.com/images, "Limits and formats"). */
const MOST_PIXELS = 100_000_000;
const LONGEST_SIDE = 12_000;

/** The side of the square to ask for: area averaging to the network's own is then left to us. */
const SIDE = preprocess.size * 2;

/**
 * A picture that is too much for the decoders here, as a small PNG, upright: the service applies
 * EXIF rotation, and leaves no metadata in a PNG (its documentation, "metadata"), so that nothing is
 * turned twice.
 *
 * Throws `too_many_pixels` for what is too much for the service as well, `corrupt_image` and
 * `unsupported_type` where it says so, `image_service_failed` where it fails.
 */
export async function shrink(
  bytes: Uint8Array,
  header: Header,
  service: ImageService,
): Promise<Uint8Array<ArrayBuffer>> {
  checkLimits(header);
  try {
    const result = await service
      .input(streamOf(bytes))
      .transform({ width: SIDE, height: SIDE, fit: "squeeze" })
      .output({ format: "image/png" });
    return new Uint8Array(await new Response(result.image()).arrayBuffer());
  } catch (error) {
    throw refusal(error, header);
  }
}

/** The bytes as they are: a Blob would hold them twice. */
function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
}

function checkLimits({ format, width, height }: Header): void {
  const long = format === "webp" || format === "avif" ? 0 : Math.max(width, height);
  if (width * height <= MOST_PIXELS && long <= LONGEST_SIDE) return;
  const detail = `${width} x ${height} is more than Cloudflare Images takes: ${MOST_PIXELS} pixels, ${LONGEST_SIDE} a side.`;
  throw new HemlineError("too_many_pixels", detail);
}

/** The service's numbers for what is wrong with a picture (its documentation, "Troubleshooting"). */
const REFUSALS: Record<number, ErrorCode> = {
  9402: "too_many_pixels",
  9412: "corrupt_image",
  9413: "too_many_pixels",
  9420: "unsupported_type",
  9520: "unsupported_type",
};

function refusal(error: unknown, { format }: Header): HemlineError {
  // The service throws errors with a number.
  const { code, message } = error as Error & { code?: number };
  const known = REFUSALS[code ?? 0];
  if (known) return new HemlineError(known, `Cloudflare Images cannot read this ${format}.`);
  console.error("Cloudflare Images failed:", code, message);
  const detail = "Cloudflare Images, which reads such pictures here, failed. Try again later.";
  return new HemlineError("image_service_failed", detail);
}
