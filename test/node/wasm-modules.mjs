/** Preloaded (`node --import`): imports of `.wasm` and `.bin` give what workerd gives. */
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";

registerHooks({
  resolve(specifier, context, next) {
    return next(specifier.replace(/\.wasm\?module$/, ".wasm"), context);
  },
  load(url, context, next) {
    if (url.endsWith(".wasm")) {
      const source = `import { readFileSync } from "node:fs";
        export default new WebAssembly.Module(readFileSync(new URL(${JSON.stringify(url)})));`;
      return { format: "module", source, shortCircuit: true };
    }
    // Emscripten's and JSON's packages do not say that they are modules.
    if (/@jsquash\/.*\.js$/.test(url)) {
      return { format: "module", source: readFileSync(new URL(url)), shortCircuit: true };
    }
    if (url.endsWith(".bin")) {
      const source = `import { readFileSync } from "node:fs";
        const { buffer, byteOffset, byteLength } = readFileSync(new URL(${JSON.stringify(url)}));
        export default buffer.slice(byteOffset, byteOffset + byteLength);`;
      return { format: "module", source, shortCircuit: true };
    }
    if (url.endsWith(".json") && context.importAttributes?.type !== "json") {
      const source = `export default ${readFileSync(new URL(url), "utf8")}`;
      return { format: "module", source, shortCircuit: true };
    }
    return next(url, context);
  },
});
// The codecs hand out pixels in the browsers' class.
globalThis.ImageData ??= class ImageData {
  constructor(data, width, height) {
    Object.assign(this, { data, width, height });
  }
};
