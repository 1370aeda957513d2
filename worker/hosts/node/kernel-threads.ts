/** Helper threads in Node. */
import { Worker } from "node:worker_threads";
import type { HelperTask } from "../../../model/kernels/threads/helper.ts";

const HELPER = new URL("./kernel-helper.ts", import.meta.url);

/** A helper does not keep the process alive. */
export function spawnNode(task: HelperTask): Promise<void> {
  const worker = new Worker(HELPER, { workerData: task });
  worker.unref();
  return new Promise((resolve, reject) => {
    worker.once("message", () => resolve());
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`a helper thread ended with ${code}`)));
  });
}
