/** The Worker, telling with each answer how much WebAssembly memory its isolate holds. */
import "./watch.ts";

// Only now: the tagger starts as the Worker is imported.
import worker from "../../../worker/index.ts";
import { wasmBytes } from "./watch.ts";

type Fetch = typeof worker.fetch;

export default {
  async fetch(...[request, env, context]: Parameters<Fetch>): Promise<Response> {
    const answer = await worker.fetch(request, env, context);
    const headers = new Headers(answer.headers);
    headers.set("x-wasm-bytes", String(wasmBytes()));
    return new Response(answer.body, { status: answer.status, headers });
  },
};
