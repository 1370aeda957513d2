/**
 * Imported first, or preloaded (`node --import`): imports of `.wasm` and `.bin` then give on Node
 * what they give in workerd, a compiled module and a file's bytes. Node's own import of `.wasm`
 * would give the exports of an instance.
 */
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";

/** Where code at module scope finds variables. */
const VARIABLES = "cloudflare:workers";

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === VARIABLES) return { url: VARIABLES, shortCircuit: true };
    return next(specifier.replace(/\.wasm\?module$/, ".wasm"), context);
  },
  load(url, context, next) {
    if (url === VARIABLES) return moduleOf("export const env = process.env;");
    const path = JSON.stringify(url);
    if (url.endsWith(".wasm")) {
      return moduleOf(`import { readFileSync } from "node:fs";
        export default new WebAssembly.Module(readFileSync(new URL(${path})));`);
    }
    if (url.endsWith(".bin")) {
      return moduleOf(`import { readFileSync } from "node:fs";
        const { buffer, byteOffset, byteLength } = readFileSync(new URL(${path}));
        export default buffer.slice(byteOffset, byteOffset + byteLength);`);
    }
    // Emscripten's and JSON's packages do not say that they are modules.
    if (/@jsquash\/.*\.js$/.test(url)) return moduleOf(readFileSync(new URL(url), "utf8"));
    if (url.endsWith(".json") && context.importAttributes.type !== "json") {
      return moduleOf(`export default ${readFileSync(new URL(url), "utf8")}`);
    }
    return next(url, context);
  },
});

const moduleOf = (source: string) => ({ format: "module", source, shortCircuit: true }) as const;

/** The codecs hand out pixels in the browsers' class, which Node lacks. */
class Pixels {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;

  constructor(data: Uint8ClampedArray, width: number, height: number) {
    this.data = data;
    this.width = width;
    this.height = height;
  }
}
Object.assign(globalThis, { ImageData: Reflect.get(globalThis, "ImageData") ?? Pixels });
