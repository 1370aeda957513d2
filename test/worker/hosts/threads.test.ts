import { expect, it } from "vitest";
import shared from "../../../model/kernels/kernels-threads.wasm";
import { canStartThreads } from "../../../model/kernels/threads/can-start.ts";

/**
 * workerd runs one thread an isolate. The day one of these fails, it has threads: then
 * `worker/hosts/workerd.ts` can ask `canStartThreads` and run `kernels-threads.wasm`.
 */
it("workerd has shared memory and thread instructions, and no thread to start with them", async () => {
  expect(WebAssembly.Module.imports(shared)).toHaveLength(1);
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  expect(memory.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect("Worker" in globalThis).toBe(false);
  expect(await canStartThreads(shared, undefined)).toBe(false);
});

it("workerd lets no thread wait", async () => {
  const words = new Int32Array(new SharedArrayBuffer(4));
  expect(() => Atomics.wait(words, 0, 0, 1)).toThrow(TypeError);
  // Even where somebody claims to have started one.
  expect(await canStartThreads(shared, () => Promise.resolve())).toBe(false);
});
