import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Kept whatever is built: they are the repository's. */
const isOwn = (name: string): boolean => /^\.[a-z]+$/.test(name);

/**
 * Makes `folder` hold exactly `files`. New ones are written before old ones go, and the same bytes
 * are not written again: somebody may be serving the folder meanwhile.
 */
export function writeFolder(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  for (const [name, bytes] of files) {
    const path = `${folder}/${name}`;
    if (same(path, bytes)) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const path = `${folder}/${name}`;
    if (files.has(name) || isOwn(name) || statSync(path).isDirectory()) continue;
    rmSync(path, { force: true });
  }
}

function same(path: string, bytes: Uint8Array): boolean {
  try {
    return statSync(path).size === bytes.length && readFileSync(path).equals(bytes);
  } catch {
    return false;
  }
}
