import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { startBackend } from "../tfjs.ts";

const BINARY = "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm";

/** Starts tfjs in Node on the very binary that the Worker runs. */
export function startNode(): void {
  const path = createRequire(import.meta.url).resolve(BINARY);
  startBackend(new WebAssembly.Module(readFileSync(path)));
}
