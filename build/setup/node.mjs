/**
 * Installs the locked dependencies where they are missing, the pinned Node 24 among them.
 * Runs under whatever Node the machine has, from 20 on.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { BIN, ROOT } from "./paths.mjs";
import { run } from "./run.mjs";
import { Plain, say } from "./say.mjs";

const STAMP = `${ROOT}/node_modules/.hemline`;
const MAJOR = "24";

export async function setUpNode() {
  const lock = createHash("sha256")
    .update(readFileSync(`${ROOT}/package-lock.json`))
    .digest("hex");
  if (!existsSync(STAMP) || readFileSync(STAMP, "utf8") !== lock) {
    say("installing the locked dependencies …");
    const { status } = await run("npm", ["ci", "--no-audit", "--no-fund"]);
    if (status !== 0) throw new Plain("npm could not install the dependencies; see above.");
    await assertPinnedNode();
    writeFileSync(STAMP, lock);
  }
}

/** An npm that skips install scripts leaves the machine's own Node in charge, without a word. */
async function assertPinnedNode() {
  const { status, output } = await run(`${BIN}/node`, ["--version"], { quiet: true });
  if (status !== 0 || !output.startsWith(`v${MAJOR}.`)) {
    throw new Plain(
      `the pinned Node ${MAJOR} is not in node_modules (found: ${output.trim() || "nothing"}). ` +
        "Install scripts were skipped: run `npm ci --ignore-scripts=false`.",
    );
  }
}
