/** How imports that only workerd understands are answered in a browser. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Loader, Plugin } from "esbuild";

const require = createRequire(import.meta.url);

/**
 * `?url`: the address of the file itself, untouched. tfjs ships the script of its threads as a
 * string in a module; the file is that string.
 */
export const addresses: Plugin = {
  name: "addresses",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\?url$/ }, ({ path }) => ({
      path: require.resolve(path.slice(0, -"?url".length)),
      namespace: "url",
    }));
    onLoad({ filter: /./, namespace: "url" }, ({ path }) => ({
      contents: path.endsWith(".worker.js") ? threadScript(path) : readFileSync(path),
      loader: "file",
    }));
  },
};

/** As tfjs itself makes it: the string's own line breaks stood within strings (`backend_wasm.ts`). */
function threadScript(path: string): string {
  const { wasmWorkerContents } = require(path) as { wasmWorkerContents: string };
  return wasmWorkerContents.replaceAll("\n", "\\n");
}

/** What an imported file is to the code, once fetched. */
const VALUES: Record<string, string> = {
  ".wasm": "await WebAssembly.compileStreaming(fetch(address))",
  ".bin": "await (await fetch(address)).arrayBuffer()",
};

/** `.wasm` is a ready module and `.bin` its bytes, as in workerd: fetched before the code runs. */
export const compiled: Plugin = {
  name: "compiled",
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /\.(wasm|bin)$/ }, async ({ path, kind, pluginData, ...rest }) => {
      if (pluginData === "plain") return undefined;
      const found = await resolve(path, { ...rest, kind, pluginData: "plain" });
      return found.errors.length > 0 ? found : { path: found.path, namespace: "fetched" };
    });
    onLoad({ filter: /./, namespace: "fetched" }, ({ path }) => {
      const extension = path.slice(path.lastIndexOf("."));
      return {
        contents: `import address from ${JSON.stringify(`${path}?file`)};\nexport default ${VALUES[extension]};`,
        loader: "js" as Loader,
      };
    });
    onResolve({ filter: /\?file$/, namespace: "fetched" }, ({ path }) => ({
      path: path.slice(0, -"?file".length),
      namespace: "file-of",
    }));
    onLoad({ filter: /./, namespace: "file-of" }, ({ path }) => ({
      contents: readFileSync(path),
      loader: "file",
    }));
  },
};
