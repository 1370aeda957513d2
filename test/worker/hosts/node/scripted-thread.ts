/** A pool's thread that does what a picture's path says, for tests of what surrounds it. */
import { setTimeout as sleep } from "node:timers/promises";
import { parentPort } from "node:worker_threads";

const deeds: Record<string, () => unknown> = {
  exit: () => process.exit(3),
  crash: () => setTimeout(() => JSON.parse("no JSON"), 0),
  hang: () => {
    for (;;);
  },
  slow: () => sleep(300),
};

parentPort?.on("message", async ({ picture }: { picture: string }) => {
  await deeds[picture]?.();
  if (picture !== "crash") parentPort?.postMessage({ tags: { model: picture } });
});
parentPort?.postMessage({ model: {}, running: {} });
