/** Decoder instances: the project's own for JPEG, jSquash's for WebP and AVIF, modules ready-made. */
import avifFactory from "@jsquash/avif/codec/dec/avif_dec.js";
import avifModule from "@jsquash/avif/codec/dec/avif_dec.wasm";
import webpFactory from "@jsquash/webp/codec/dec/webp_dec.js";
import webpModule from "@jsquash/webp/codec/dec/webp_dec.wasm";
import { HemlineError } from "../errors.ts";
import { type Decoded, emscripten, type Factory } from "./emscripten.ts";
import { JpegDecoder } from "./jpeg/decoder.ts";
import jpegModule from "./jpeg/jpeg.wasm";
import { firstFrame } from "./webp/first-frame.ts";

/** WebAssembly memory never shrinks: a larger instance is let go rather than kept. */
const KEEP_BYTES = 16 * 1024 * 1024;

let jpeg: JpegDecoder | undefined;

/** Work for the JPEG decoder. An instance that failed or grew large is not used again. */
export async function withJpeg<T>(work: (decoder: JpegDecoder) => T | Promise<T>): Promise<T> {
  const decoder = jpeg ?? new JpegDecoder(jpegModule);
  jpeg = undefined;
  let sound = true;
  try {
    return await work(decoder);
  } catch (error) {
    sound = error instanceof HemlineError;
    throw error;
  } finally {
    if (sound && decoder.memory <= KEEP_BYTES) jpeg = decoder;
  }
}

// The orientation is applied later, to far fewer pixels.
const webp = emscripten(webpFactory as unknown as Factory, webpModule, KEEP_BYTES);
export const decodeWebp = (bytes: Uint8Array): Promise<Decoded> =>
  webp((codec) => codec.decode(firstFrame(bytes)));

const avif = emscripten(avifFactory as unknown as Factory, avifModule, KEEP_BYTES);
export const decodeAvif = (bytes: Uint8Array): Promise<Decoded> =>
  avif((codec) => codec.decode(bytes, 8));
