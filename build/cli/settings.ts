import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { CACHE, ROOT } from "../setup/paths.mjs";

/** The settings of a local Worker: the environment, else `.dev.vars`, else what `npm start` made. */
export function settings(): Record<string, string | undefined> {
  const file = `${ROOT}/.dev.vars`;
  const token = `${CACHE}/admin-token`;
  return {
    ...(existsSync(token) ? { HEMLINE_ADMIN_TOKEN: readFileSync(token, "utf8") } : {}),
    ...(existsSync(file) ? parseEnv(readFileSync(file, "utf8")) : {}),
    ...process.env,
  };
}
