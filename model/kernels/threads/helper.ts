/** What a helper thread is given, and what it does with its life. */
import { instantiate, type Shared } from "../bind.ts";

export interface HelperTask extends Shared {
  /** 1 and up; 0 is the thread that tags. */
  thread: number;
}

/**
 * Waits for pictures and does its share of each, until `Kernels.stop()`: blocks the thread that calls
 * it. `ready` is called when it may be counted on.
 */
export function help({ thread, ...shared }: HelperTask, ready: () => void): void {
  const { help: serve } = instantiate(shared);
  ready();
  serve(shared.plan, thread);
}
