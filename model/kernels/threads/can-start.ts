/**
 * Whether this host can really run helper threads. Shared memory and thread instructions validate
 * where there is no thread to be had (workerd), so one is started, and waited for.
 */
import { COUNT, HEADER_BYTES, PICTURES, STOP, THREADS } from "../assembly/plan.ts";
import type { Spawn } from "./start.ts";

/** Far longer than a thread takes to start on a busy machine (ms). */
const PATIENCE = 10_000;

/** `module`: `kernels-threads.wasm`. Never throws. */
export async function canStartThreads(
  module: WebAssembly.Module,
  spawn: Spawn | undefined,
): Promise<boolean> {
  if (spawn === undefined) return false;
  try {
    // An empty plan in the middle of one page: a picture of no operations.
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    const plan = 1024;
    const words = new Int32Array(memory.buffer, plan, HEADER_BYTES / 4);
    words[COUNT / 4] = 0;
    words[THREADS / 4] = 2;
    await timely(spawn({ module, memory, plan, thread: 1 }));
    // The wait that tagging needs: it throws where this thread may not.
    Atomics.wait(words, PICTURES / 4, 0, 1);
    Atomics.store(words, STOP / 4, 1);
    Atomics.add(words, PICTURES / 4, 1);
    Atomics.notify(words, PICTURES / 4);
    return true;
  } catch {
    return false;
  }
}

function timely(started: Promise<void>): Promise<void> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error("no thread started")), PATIENCE);
  });
  return Promise.race([started, late]);
}
