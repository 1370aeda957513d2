/** What a local Worker lacks beside a deployed one: its tables, an admin token, and a clock that calls it. */
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { BIN, CACHE, ROOT } from "./paths.mjs";
import { run } from "./run.mjs";
import { Plain } from "./say.mjs";

const MIGRATIONS = `${ROOT}/worker/store/migrations`;
const MINUTE = 60_000;

/** Brings the local database's tables up to date. `state`: wrangler's folder for local data. */
export async function migrate(state = `${ROOT}/.wrangler/state`) {
  const hash = createHash("sha256");
  for (const name of readdirSync(MIGRATIONS).sort())
    hash.update(readFileSync(`${MIGRATIONS}/${name}`));
  const digest = hash.digest("hex");
  const record = `${state}/migrated`;
  if (existsSync(record) && readFileSync(record, "utf8") === digest) return;
  const args = ["d1", "migrations", "apply", "hemline", "--local", "--persist-to", state];
  const wrangler = `${ROOT}/node_modules/wrangler/bin/wrangler.js`;
  const { status, output } = await run(`${BIN}/node`, [wrangler, ...args], { quiet: true });
  if (status !== 0) throw new Plain(`the local database could not be set up:\n${output}`);
  writeFileSync(record, digest);
}

/** The token for `/v1/assets`: one's own from `.dev.vars`, else one that is made once and kept. */
export function adminToken() {
  const own = `${ROOT}/.dev.vars`;
  const set = existsSync(own) ? parseEnv(readFileSync(own, "utf8")).HEMLINE_ADMIN_TOKEN : undefined;
  if (set) return set;
  const kept = `${CACHE}/admin-token`;
  if (existsSync(kept)) return readFileSync(kept, "utf8");
  const token = randomBytes(24).toString("base64url");
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(kept, token, { mode: 0o600 });
  return token;
}

/** Local cron never fires by itself: calls the scheduled handler now and every minute. */
export function keepSweeping(url) {
  const call = () => fetch(`${url}/cdn-cgi/local/scheduled`).catch(() => undefined);
  void call();
  const timer = setInterval(call, MINUTE);
  timer.unref();
  return () => clearInterval(timer);
}
