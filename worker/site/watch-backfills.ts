import { type Backfill, readBackfills } from "./api/backfills.ts";
import type { Call } from "./api/call.ts";

const EVERY_MS = 3000;

/** Reads the walks now and every few seconds while the page is seen. Throws what reading throws. */
export async function watchBackfills(
  call: Call,
  signal: AbortSignal,
  changed: (list: Backfill[]) => void,
): Promise<void> {
  while (!signal.aborted) {
    if (document.visibilityState === "visible") changed(await readBackfills(call, signal));
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}
