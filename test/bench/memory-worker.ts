/** The Worker, telling with each answer how much WebAssembly memory its isolate holds. */
import "./watch-memory.ts";

// Only now: the tagger starts as the Worker is imported.
import worker from "../../worker/index.ts";
import { wasmBytes } from "./watch-memory.ts";

export default {
  async fetch(request: Request, env: Parameters<typeof worker.fetch>[1], ctx: ExecutionContext) {
    const answer = await worker.fetch(request, env, ctx);
    const headers = new Headers(answer.headers);
    headers.set("x-wasm-bytes", String(wasmBytes()));
    return new Response(answer.body, { status: answer.status, headers });
  },
};
