import { spawn } from "node:child_process";
import { environment, ROOT } from "./paths.mjs";

/**
 * Runs a program in the repository's root and resolves to its exit status and output.
 * `quiet`: the output is kept instead of shown.
 */
export function run(command, args, { quiet = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: environment(),
      stdio: quiet ? ["ignore", "pipe", "pipe"] : "inherit",
    });
    let output = "";
    const keep = (chunk) => {
      output += chunk;
    };
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    child.on("error", (error) => resolve({ status: 127, output: error.message }));
    child.on("close", (status, signal) =>
      resolve({ status: signal ? 128 : (status ?? 1), output }),
    );
  });
}
