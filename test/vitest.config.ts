import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Tests that need files, processes or a browser run in Node, all others inside workerd. */
const IN_NODE = [
  "test/build/**/*.test.ts",
  "test/served/**/*.test.ts",
  "test/site/**/*.test.ts",
  "test/**/*.node.test.ts",
];

const folder = `${root}test/fixtures/pictures`;
const pictures = Object.fromEntries(
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.includes("."))
    .map((name) => [name, readFileSync(`${folder}/${name}`, "base64")]),
);
const migrations = await readD1Migrations(`${root}worker/store/migrations`);

export default defineConfig({
  root,
  test: {
    // One line a request would bury what a test says.
    onConsoleLog: (log) => !log.startsWith('{"event":"request"'),
    projects: [
      {
        root,
        plugins: [
          cloudflareTest({
            wrangler: { configPath: `${root}wrangler.toml` },
            miniflare: { bindings: { HEMLINE_ENV: "development", MIGRATIONS: migrations } },
          }),
        ],
        test: {
          name: "workerd",
          include: ["test/**/*.test.ts"],
          exclude: [...IN_NODE, "test/peers/**", "test/faults/**"],
          // No test is timed: a busy machine may be ten times slower.
          testTimeout: 60_000,
          provide: { pictures },
          globalSetup: "test/servers/hostile.ts",
          setupFiles: "test/worker/migrate.ts",
        },
      },
      {
        root,
        test: { name: "node", include: IN_NODE, testTimeout: 300_000, hookTimeout: 300_000 },
      },
    ],
  },
});
