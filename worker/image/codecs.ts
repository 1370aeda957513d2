/** The jSquash codecs (MozJPEG's libjpeg, libwebp, Rust's png) over ready-made modules. */
import jpegFactory from "@jsquash/jpeg/codec/dec/mozjpeg_dec.js";
import jpegModule from "@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm";
import * as png from "@jsquash/png/codec/pkg/squoosh_png.js";
// With `?module`, because the package declares the plain name as something else.
import pngModule from "@jsquash/png/codec/pkg/squoosh_png_bg.wasm?module";
import webpFactory from "@jsquash/webp/codec/dec/webp_dec.js";
import webpModule from "@jsquash/webp/codec/dec/webp_dec.wasm";

/** RGBA with straight alpha, as the codecs hand it out. */
export interface Decoded {
  data: Uint8ClampedArray;
  width: number;
  height: number;
}

/** What is used of an Emscripten build of a decoder. */
interface Codec {
  decode(data: Uint8Array, preserveOrientation: boolean): Decoded | null;
  HEAPU8: Uint8Array;
}

type Factory = (options: object) => Promise<Codec>;

/** WebAssembly memory never shrinks: a larger instance is let go rather than kept. */
const KEEP_BYTES = 16 * 1024 * 1024;

/** One decoder instance, made when first needed and again after a failure or a large picture. */
function emscripten(factory: Factory, module: WebAssembly.Module) {
  let instance: Promise<Codec> | undefined;
  return async (bytes: Uint8Array): Promise<Decoded> => {
    instance ??= factory(options(module));
    let keep = false;
    try {
      const codec = await instance;
      // The orientation is applied later, to far fewer pixels.
      const image = codec.decode(bytes, false);
      if (image === null) throw new Error("the decoder returned nothing");
      keep = codec.HEAPU8.length <= KEEP_BYTES;
      return image;
    } finally {
      // A decoder that threw has leaked what it had allocated.
      if (!keep) instance = undefined;
    }
  };
}

function options(module: WebAssembly.Module): object {
  return {
    print: () => undefined,
    printErr: () => undefined,
    noInitialRun: true,
    instantiateWasm(imports: WebAssembly.Imports, done: (ready: WebAssembly.Instance) => void) {
      const instance = new WebAssembly.Instance(module, imports);
      done(instance);
      return instance.exports;
    },
  };
}

export const decodeJpeg = emscripten(jpegFactory as unknown as Factory, jpegModule);
export const decodeWebp = emscripten(webpFactory as unknown as Factory, webpModule);

export async function decodePng(bytes: Uint8Array): Promise<Decoded> {
  png.initSync(pngModule);
  return png.decode(bytes);
}
