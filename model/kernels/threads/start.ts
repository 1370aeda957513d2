/**
 * Kernels on several threads: `module` is `kernels-threads.wasm`, and the host says how a thread is
 * started (`kernel-threads.ts` of `worker/hosts/node` and `worker/hosts/browser`). The calling thread
 * must be able to wait: a browser's page cannot, its dedicated worker can.
 */
import { type Binding, Kernels } from "../bind.ts";
import type { HelperTask } from "./helper.ts";

/** Starts a thread that calls `help(task, ready)`; resolves when it is ready, rejects if it fails. */
export type Spawn = (task: HelperTask) => Promise<void>;

/** The kernels, when all helpers wait for pictures. Throws what kept a thread from starting. */
export async function startThreads(
  module: WebAssembly.Module,
  binding: Binding,
  threads: number,
  spawn: Spawn,
): Promise<Kernels> {
  const kernels = new Kernels(module, binding, threads, true);
  if (threads === 1) return kernels;
  const helpers = Array.from({ length: threads - 1 }, (_, i) =>
    spawn({ ...kernels.shared, thread: i + 1 }),
  );
  try {
    await Promise.all(helpers);
    return kernels;
  } catch (error) {
    kernels.stop();
    throw error;
  }
}
