/** Runs a TypeScript program of this repository under the pinned Node: `exec.mjs <file> [arguments]`. */
import { setUpNode } from "./node.mjs";
import { BIN } from "./paths.mjs";
import { run } from "./run.mjs";
import { runMain } from "./say.mjs";

await runMain(async () => {
  await setUpNode();
  const { status } = await run(`${BIN}/node`, process.argv.slice(2));
  process.exitCode = status;
});
