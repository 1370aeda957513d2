import { preprocess } from "../../model/preprocess.ts";
import { HemlineError } from "../errors.ts";
import { decodeAvif, decodeWebp, withJpeg } from "./codecs.ts";
import { readGif } from "./gif/decode.ts";
import type { JpegDecoder } from "./jpeg/decoder.ts";
import { checkPixels, DECODE_BYTES } from "./limits.ts";
import { readChunks } from "./png/header.ts";
import { readRows } from "./png/rows.ts";
import { choosePlan } from "./scale.ts";
import type { Header } from "./sniff.ts";
import { inTurn } from "./turns.ts";

/**
 * A sniffed file to the network's square, as stored: size * size RGB pixels, alpha over white,
 * orientation not applied. JPEGs are decoded at the smallest scale that shows as much.
 *
 * Throws `too_many_pixels` before decoding, `corrupt_image` where the decoder gives up.
 */
export async function decode(bytes: Uint8Array, header: Header): Promise<Uint8Array<ArrayBuffer>> {
  checkPixels(header);
  try {
    return await inTurn(() => withJpeg((decoder) => decodeTo(decoder, bytes, header)));
  } catch (error) {
    if (error instanceof HemlineError) throw error;
    throw new HemlineError("corrupt_image", `The ${header.format} data cannot be decoded.`);
  }
}

async function decodeTo(decoder: JpegDecoder, bytes: Uint8Array, header: Header) {
  const { size } = preprocess;
  const { format, width, height } = header;
  if (format === "jpeg") {
    const plan = choosePlan(decoder.open(bytes), size);
    return decoder.square(plan, size, DECODE_BYTES);
  }
  const square = decoder.collect(size, width, height);
  if (format === "png") {
    await readRows(readChunks(bytes), square.add);
    return square.take();
  }
  if (format === "gif") {
    readGif(bytes, square.add);
    return square.take();
  }
  // `checkPixels` let none through.
  if (format === "heic") throw new Error("there is no decoder for HEIC");
  const image = await DECODERS[format](bytes);
  if (image.width !== width || image.height !== height) {
    throw new HemlineError("corrupt_image", "The picture has another size than it says.");
  }
  square.add(image.data);
  return square.take();
}

const DECODERS = {
  webp: decodeWebp,
  avif: decodeAvif,
};
