/**
 * The jSquash codecs (MozJPEG's libjpeg, libwebp, Rust's png) over ready-made modules.
 * A decoder answers undefined where it cannot make sense of the bytes.
 */
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

export type Decoder = (bytes: Uint8Array) => Promise<Decoded | undefined>;

/** What is used of an Emscripten build of a decoder. */
interface Codec {
  decode(data: Uint8Array, ...settings: unknown[]): Decoded | null;
  HEAPU8: Uint8Array;
}

type Factory = (options: object) => Promise<Codec>;

/** WebAssembly memory never shrinks: a larger instance is let go rather than kept. */
const KEEP_BYTES = 16 * 1024 * 1024;

/** One decoder instance, made when first needed and again after a failure or a large picture. */
function emscripten(factory: Factory, module: WebAssembly.Module, ...settings: unknown[]): Decoder {
  let kept: Codec | undefined;
  return async (bytes) => {
    const codec = kept ?? (await factory(options(module)));
    // A decoder that throws has leaked what it had allocated: only success keeps it.
    kept = undefined;
    const image = attempt(() => codec.decode(bytes, ...settings));
    if (image !== undefined && codec.HEAPU8.length <= KEEP_BYTES) kept = codec;
    return image ?? undefined;
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

// It could turn pictures upright, but that is cheaper later, on fewer pixels.
const APPLY_ORIENTATION = false;
export const decodeJpeg = emscripten(
  jpegFactory as unknown as Factory,
  jpegModule,
  APPLY_ORIENTATION,
);
export const decodeWebp = emscripten(webpFactory as unknown as Factory, webpModule);

export const decodePng: Decoder = async (bytes) => {
  png.initSync(pngModule);
  return attempt(() => png.decode(bytes));
};

/** The codecs throw whatever their language throws: C++ exceptions by number, Rust's traps. */
function attempt<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}
