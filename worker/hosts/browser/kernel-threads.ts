/**
 * Helper threads in a browser, as workers of the worker that tags: `address` is that of a script made
 * of `kernel-helper.ts`. Needs a cross-origin isolated page; shared memory is not to be had otherwise.
 */
import type { Spawn } from "../../../model/kernels/threads/start.ts";

export function spawnBrowser(address: string | URL): Spawn {
  return (task) =>
    new Promise((resolve, reject) => {
      const worker = new Worker(address, { type: "module" });
      worker.addEventListener("message", () => resolve());
      worker.addEventListener("error", (event) =>
        reject(new Error(`a helper thread failed: ${event.message}`)),
      );
      worker.postMessage(task);
    });
}
