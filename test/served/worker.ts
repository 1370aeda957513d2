/** The built Worker in one workerd process, for tests and benches that look at it from outside. */
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, extname } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions, unstable_readConfig } from "wrangler";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

const CONFIG = `${ROOT}/wrangler.toml`;
const MODULES = { ".js": "ESModule", ".wasm": "CompiledWasm", ".bin": "Data" } as const;

export interface ServedWorker {
  /** Without a trailing slash. */
  url: string;
  /** The same Worker without Miniflare's own in front of it, which no deployment has: for benches. */
  direct: string;
  /** The workerd process; undefined where /proc does not tell. */
  pid: number | undefined;
  /** Where the isolate can be asked about itself, if `inspect` was. */
  inspector?: URL;
  stop(): Promise<void>;
}

export interface Serving {
  /** Variables and secrets, in place of those that open the API. */
  bindings?: Record<string, string>;
  /** With the page's static files. */
  site?: boolean;
  /** Bound to Cloudflare Images as Miniflare simulates it. */
  images?: boolean;
  /** With V8's inspector. */
  inspect?: boolean;
}

/** Builds `entry` as a deployment would be and serves it on a free port. `name`: its build folder. */
export async function serveWorker(
  entry = "worker/index.ts",
  name = "worker",
  serving: Serving = {},
): Promise<ServedWorker> {
  await buildWorker(entry, name);
  return serveBuilt(entry, name, serving);
}

/** Serves what was built already. */
export async function serveBuilt(
  entry: string,
  name: string,
  {
    bindings = { HEMLINE_ENV: "development" },
    site = false,
    images = false,
    inspect = false,
  }: Serving = {},
): Promise<ServedWorker> {
  const folder = folderOf(name);
  const config = unstable_readConfig({ config: CONFIG });
  const before = new Set(workerds());
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      cf: false,
      modulesRoot: folder,
      modules: modulesOf(folder, `${basename(entry, ".ts")}.js`),
      ...(config.compatibility_date && { compatibilityDate: config.compatibility_date }),
      compatibilityFlags: config.compatibility_flags,
      bindings,
      unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
      // A line a request would bury what a test or a bench has to say.
      handleStructuredLogs: ({ level, message }) => {
        if (level === "warn" || level === "error") console.error(message);
      },
      ...(site && { assets: siteAssets() }),
      ...(inspect && { inspectorPort: 0 }),
      ...(images && { images: { binding: "IMAGES" } }),
    }),
  );
  const url = (await miniflare.ready).origin;
  const direct = (await miniflare.unsafeGetDirectURL()).origin;
  const [pid] = workerds().filter((id) => !before.has(id));
  const inspector = inspect ? { inspector: await miniflare.getInspectorURL() } : {};
  return { url, direct, pid, ...inspector, stop: () => miniflare.dispose() };
}

/** The page's files and how they are answered, as `wrangler.toml` has it. */
function siteAssets() {
  const { assets } = unstable_getMiniflareWorkerOptions(CONFIG).workerOptions;
  if (assets === undefined) throw new Error("wrangler.toml has no assets");
  return assets;
}

/** What wrangler wrote, the entry first. */
function modulesOf(folder: string, entry: string) {
  const names = [entry, ...readdirSync(folder).filter((name) => name !== entry)];
  return names.flatMap((name) => {
    const type = MODULES[extname(name) as keyof typeof MODULES];
    return type === undefined ? [] : [{ type, path: `${folder}/${name}` }];
  });
}

const folderOf = (name: string): string => `${ROOT}/.cache/served/${name}`;

/** Builds as a deployment would, the page's files too. */
export async function buildWorker(entry: string, name: string): Promise<void> {
  const folder = folderOf(name);
  const wrangler = `${ROOT}/node_modules/wrangler/bin/wrangler.js`;
  rmSync(folder, { recursive: true, force: true });
  const args = ["deploy", entry, "--dry-run", "--outdir", folder];
  const env = { ...process.env, WRANGLER_SEND_METRICS: "false", WRANGLER_LOG: "error" };
  await promisify(execFile)(process.execPath, [wrangler, ...args], { cwd: ROOT, env });
}

/** Ids of the workerd processes that this process started (Linux). */
function workerds(): number[] {
  if (!existsSync("/proc/self/stat")) return [];
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      const [, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return stat.includes("(workerd)") && Number(parent) === process.pid ? [Number(name)] : [];
    } catch {
      return []; // it has ended meanwhile
    }
  });
}
