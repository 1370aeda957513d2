import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const root = new URL("..", import.meta.url).pathname;

/** Tests that need files, processes or a browser run in Node, all others inside workerd. */
const IN_NODE = ["test/build/**/*.test.ts", "test/served/**/*.test.ts", "test/**/*.node.test.ts"];

export default defineConfig({
  root,
  test: {
    projects: [
      {
        root,
        plugins: [
          cloudflareTest({
            wrangler: { configPath: `${root}wrangler.toml` },
            miniflare: {
              bindings: { HEMLINE_ENV: "development" },
            },
          }),
        ],
        test: { name: "workerd", include: ["test/**/*.test.ts"], exclude: IN_NODE },
      },
      { root, test: { name: "node", include: IN_NODE, testTimeout: 60_000 } },
    ],
  },
});
