/** RGBA with straight alpha, as the codecs hand it out. */
export interface Decoded {
  data: Uint8ClampedArray;
  width: number;
  height: number;
}

/** What is used of an Emscripten build of a decoder; AVIF's wants the bit depth of its output. */
export interface Codec {
  decode(data: Uint8Array, bitDepth?: 8): Decoded | null;
  HEAPU8: Uint8Array;
}

export type Factory = (options: object) => Promise<Codec>;

/**
 * One decoder instance, made when first needed; made again after a failure, for it has leaked what
 * it had allocated, and after a picture that took more than `keepBytes`.
 */
export function emscripten(factory: Factory, module: WebAssembly.Module, keepBytes: number) {
  let instance: Promise<Codec> | undefined;
  return async (decode: (codec: Codec) => Decoded | null): Promise<Decoded> => {
    instance ??= factory(options(module));
    let keep = false;
    try {
      const codec = await instance;
      const image = decode(codec);
      if (image === null) throw new Error("the decoder returned nothing");
      keep = codec.HEAPU8.length <= keepBytes;
      return image;
    } finally {
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
