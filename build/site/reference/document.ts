import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Document } from "../../../worker/openapi/document.ts";

const ENTRY = fileURLToPath(new URL("app.ts", import.meta.url));

/** The app's OpenAPI document. Modules that only workerd understands are left empty: none is run. */
export async function makeDocument(): Promise<Document> {
  const { outputFiles } = await build({
    entryPoints: [ENTRY],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    loader: { ".wasm": "empty", ".bin": "empty" },
    logLevel: "warning",
  });
  const code = Buffer.from(outputFiles[0]?.contents ?? "").toString("base64");
  const module: { document: Document } = await import(`data:text/javascript;base64,${code}`);
  return module.document;
}
