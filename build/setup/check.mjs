/** `npm run check`: types, lint and format of TypeScript and Python. */
import { setUpNode } from "./node.mjs";
import { BIN, VENV_PYTHON } from "./paths.mjs";
import { setUpPython } from "./python.mjs";
import { run } from "./run.mjs";
import { Plain, runMain, say } from "./say.mjs";

const CONFIG = "training/pyproject.toml";

await runMain(async () => {
  await setUpNode();
  const typescript = [
    [`${BIN}/tsc`, "-p", "tsconfig.json"],
    [`${BIN}/tsc`, "-p", "build/tsconfig.json"],
    [`${BIN}/tsc`, "-p", "worker/site/tsconfig.json"],
    [`${BIN}/biome`, "check", "--error-on-warnings", "."],
  ];
  const python = [
    [VENV_PYTHON, "-m", "ruff", "check", "--config", CONFIG, "."],
    [VENV_PYTHON, "-m", "ruff", "format", "--check", "--config", CONFIG, "."],
    [VENV_PYTHON, "-m", "mypy", "--config-file", CONFIG, "training"],
  ];
  const failed = [];
  for (const [command, ...args] of [...typescript, ...((await setUpPython()) ? python : [])]) {
    const { status } = await run(command, args);
    if (status !== 0) failed.push(args.includes("-m") ? args.slice(1, 3).join(" ") : command);
  }
  if (failed.length > 0) throw new Plain(`failed: ${failed.join(", ")}`);
  say("types, lint and format are in order.");
});
