import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root, without a trailing slash. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");
export const BIN = `${ROOT}/node_modules/.bin`;
export const CACHE = `${ROOT}/.cache`;
export const VENV = `${ROOT}/.venv`;
/** The virtual environment's Python. */
export const VENV_PYTHON =
  process.platform === "win32" ? `${VENV}/Scripts/python.exe` : `${VENV}/bin/python`;

/** The environment for everything started from here: the pinned Node first, nothing phones home. */
export function environment() {
  return {
    ...process.env,
    PATH: `${BIN}${delimiter}${process.env.PATH ?? ""}`,
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_LOG_PATH: `${CACHE}/logs`,
  };
}
