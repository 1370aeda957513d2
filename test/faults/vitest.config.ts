import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Whole processes, killed and starved: some minutes, not part of `npm test`. */
export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  test: {
    include: ["test/faults/**/*.test.ts"],
    fileParallelism: false,
    // One line a request would bury what a test says.
    onConsoleLog: (log) => !log.includes('{"event":"request"'),
    testTimeout: 1_800_000,
    hookTimeout: 600_000,
  },
});
