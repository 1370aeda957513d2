import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Artefact, manifestText } from "./pack.ts";

export const MANIFEST_FILE = "manifest.json";
export const WEIGHTS_FILE = "weights.bin";

/**
 * Both files are complete on disk before either replaces its forerunner.
 * Weights first: should the build be killed in between, the old manifest's size and hash show it.
 */
export function writeArtefact(folder: string, { manifest, weights }: Artefact): void {
  mkdirSync(folder, { recursive: true });
  const stage = mkdtempSync(join(folder, ".build-"));
  try {
    writeFileSync(join(stage, WEIGHTS_FILE), new Uint8Array(weights));
    writeFileSync(join(stage, MANIFEST_FILE), manifestText(manifest));
    for (const file of [WEIGHTS_FILE, MANIFEST_FILE]) {
      renameSync(join(stage, file), join(folder, file));
    }
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}
