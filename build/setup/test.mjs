/** `npm test`: installs what is missing, then runs every test; arguments go to vitest. */
import { existsSync } from "node:fs";
import { setUpNode } from "./node.mjs";
import { BIN, ROOT, VENV_PYTHON } from "./paths.mjs";
import { setUpPython } from "./python.mjs";
import { run } from "./run.mjs";
import { Plain, runMain } from "./say.mjs";

await runMain(async () => {
  await setUpNode();
  const python = await setUpPython();
  if (!python && (process.env.HEMLINE_REQUIRE ?? "").split(",").includes("python")) {
    throw new Plain("HEMLINE_REQUIRE asks for Python.");
  }
  const names = process.argv.slice(2);
  const vitest = await run(`${BIN}/node`, [
    ...[`${ROOT}/node_modules/vitest/vitest.mjs`, "run", "--config", "test/vitest.config.ts"],
    ...names,
  ]);
  // With arguments only the named TypeScript tests are wanted.
  const pytest = python && names.length === 0 && existsSync(`${ROOT}/training/tests`);
  const { status } = pytest
    ? await run(VENV_PYTHON, ["-m", "pytest", "-q", "-c", "training/pyproject.toml"])
    : { status: 0 };
  process.exitCode = vitest.status || status;
});
