/** Sets up `.venv` from `training/requirements.txt`, where that has changed or is missing. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { ROOT, VENV, VENV_PYTHON } from "./paths.mjs";
import { run } from "./run.mjs";
import { Plain, say } from "./say.mjs";

const REQUIREMENTS = `${ROOT}/training/requirements.txt`;
const STAMP = `${VENV}/.hemline`;
const CPU_INDEX = "https://download.pytorch.org/whl/cpu";
const LEAST = [3, 11];

/** Whether there is a Python to test with. Throws `Plain` where one is there but cannot be set up. */
export async function setUpPython() {
  const wanted = createHash("sha256").update(readFileSync(REQUIREMENTS)).digest("hex");
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === wanted) return true;
  const python = await findPython();
  if (python === undefined) {
    say(`no Python ${LEAST.join(".")} or newer: its tests are skipped. Set HEMLINE_PYTHON to one.`);
    return false;
  }
  const torch = readFileSync(REQUIREMENTS, "utf8").match(/^torch==(\S+)$/m)?.[1];
  await createVenv(python, torch);
  await installTorch(torch);
  say("installing training/requirements.txt …");
  await pip(["-r", REQUIREMENTS], "pip could not install training/requirements.txt; see above.");
  writeFileSync(STAMP, wanted);
  return true;
}

async function findPython() {
  const named = process.env.HEMLINE_PYTHON;
  const version = `import sys; sys.exit(sys.version_info < (${LEAST.join(", ")}))`;
  for (const python of named
    ? [named]
    : ["python3", "python", "python3.13", "python3.12", "python3.11"]) {
    if ((await run(python, ["-c", version], { quiet: true })).status === 0) return python;
  }
  return undefined;
}

async function createVenv(python, torch) {
  say("creating .venv …");
  rmSync(VENV, { recursive: true, force: true });
  // A PyTorch that the machine has, and that satisfies the pin, saves a large download.
  const shared = (await hasTorch(python, torch)) ? ["--system-site-packages"] : [];
  const { status, output } = await run(python, ["-m", "venv", ...shared, VENV], { quiet: true });
  if (status === 0) return;
  rmSync(VENV, { recursive: true, force: true });
  const lacking = /ensurepip|No module named venv/.test(output);
  throw new Plain(
    lacking
      ? "this Python lacks its venv module. On Debian and Ubuntu: apt install python3-venv"
      : `no virtual environment could be made:\n${output}`,
  );
}

async function hasTorch(python, version) {
  const test = `import torch, sys; sys.exit(torch.__version__.split("+")[0] != "${version}")`;
  return (await run(python, ["-c", test], { quiet: true })).status === 0;
}

async function installTorch(version) {
  if (await hasTorch(VENV_PYTHON, version)) return;
  say(`installing PyTorch ${version} for the CPU …`);
  const torch = `torch==${version}`;
  const fromCpuIndex = await run(
    VENV_PYTHON,
    [
      ...["-m", "pip", "install", "--quiet", "--retries", "0", "--timeout", "20"],
      ...["--extra-index-url", CPU_INDEX, torch],
    ],
    { quiet: true },
  );
  if (fromCpuIndex.status === 0) return;
  say("PyTorch's CPU index did not answer; asking pip's usual sources …");
  await pip([torch], `pip found no ${torch}; see above.`);
}

async function pip(args, failure) {
  const { status } = await run(VENV_PYTHON, ["-m", "pip", "install", "--quiet", ...args]);
  if (status !== 0) throw new Plain(failure);
}
