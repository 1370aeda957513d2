import { basename, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build, type OutputFile } from "esbuild";
import { addresses, compiled } from "./plugins.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SITE = `${ROOT}worker/site`;

export interface Bundle {
  /** By path below the site's root. */
  files: Map<string, Uint8Array>;
  /** Addresses of what the page itself names. */
  script: string;
  style: string;
  icon: string;
  /** Of the API's reference. */
  referenceStyle: string;
}

/** Everything that the page loads; names carry a hash of the content. */
export async function bundle(): Promise<Bundle> {
  // From the inside out: a script must know the addresses of those that it starts.
  const helper = await run(["../hosts/browser/kernel-helper.ts"]);
  const tagger = await run(["device-worker.ts"], {
    __KERNEL_HELPER__: JSON.stringify(addressOf(helper, "kernel-helper")),
  });
  const page = await run(["main.ts", "styles/main.css", "styles/reference.css", "icon.svg"], {
    __TAGGER__: JSON.stringify(addressOf(tagger, "device-worker")),
  });
  return {
    files: new Map([...helper, ...tagger, ...page]),
    script: addressOf(page, "main", ".js"),
    style: addressOf(page, "main", ".css"),
    icon: addressOf(page, "icon", ".svg"),
    referenceStyle: addressOf(page, "reference", ".css"),
  };
}

async function run(entries: string[], define: Record<string, string> = {}) {
  const options: BuildOptions = {
    absWorkingDir: ROOT,
    entryPoints: entries.map((name) => `${SITE}/${name}`),
    outdir: `${ROOT}worker/public`,
    publicPath: "/",
    entryNames: "assets/[name]-[hash]",
    assetNames: "assets/[name]-[hash]",
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    loader: { ".jpg": "file", ".woff2": "file", ".svg": "copy" },
    // Emscripten's glue and tfjs look for Node; `wrangler.toml` has the same.
    define: { "process.versions.node": "undefined", ...define },
    external: ["fs", "path", "os", "util", "worker_threads", "perf_hooks", "crypto"],
    plugins: [addresses, compiled],
    logLevel: "warning",
  };
  const { outputFiles = [] } = await build(options);
  return new Map(outputFiles.map((file: OutputFile) => [nameOf(file.path), file.contents]));
}

const nameOf = (path: string): string => relative(`${ROOT}worker/public`, path);

function addressOf(files: ReadonlyMap<string, unknown>, name: string, extension = ".js"): string {
  const found = [...files.keys()].find(
    (path) => basename(path).startsWith(`${name}-`) && path.endsWith(extension),
  );
  if (found === undefined) throw new Error(`the bundle has no ${name}${extension}`);
  return `/${found}`;
}
