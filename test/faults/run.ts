/**
 * `npm run test:faults`: everything that goes wrong, on this machine alone. First inside workerd (D1, the
 * CMS and the queue failing, repeated and out of order; skewed clocks), then whole processes.
 */
import { spawnSync } from "node:child_process";
import { ROOT } from "../served/worker.ts";

const INSIDE = [
  "test/worker/faults",
  "test/worker/jobs/backfill.test.ts",
  "test/worker/routes/webhooks.test.ts",
  "test/worker/paced.test.ts",
  "test/worker/bodies.test.ts",
];
const vitest = `${ROOT}/node_modules/vitest/vitest.mjs`;
const runs = [
  ["test/vitest.config.ts", ...INSIDE],
  ["test/faults/vitest.config.ts", ...process.argv.slice(2)],
];
for (const [config = "", ...names] of runs) {
  const args = [vitest, "run", "--config", config, ...names];
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}
