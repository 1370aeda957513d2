import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Real CMSs, some minutes and 1.5 GB: not part of `npm test`. */
export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  test: { include: ["test/peers/**/*.test.ts"], fileParallelism: false, bail: 1 },
});
