/**
 * Tests that need something a machine may lack skip by name; where `HEMLINE_REQUIRE` (a comma list
 * of `photos`, `chromium`, `python`) names it, they fail instead.
 */
import { existsSync } from "node:fs";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, it } from "vitest";
import { PHOTOS } from "./photos.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

export const PYTHON = `${ROOT}/.venv/bin/python`;

const NEEDS = {
  photos: () => existsSync(`${PHOTOS}/images`),
  python: () => existsSync(PYTHON),
  chromium: () => chromium() !== undefined,
};
export type Need = keyof typeof NEEDS;

export function chromium(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const paths = names.flatMap((name) => folders.map((folder) => `${folder}/${name}`));
  return [process.env.HEMLINE_CHROMIUM ?? "", ...paths].find((path) => path && existsSync(path));
}

/** `describe`, for what runs only where all of `needs` are there. */
export function describeWith(needs: readonly Need[], name: string, body: () => void): void {
  const missing = needs.filter((need) => !NEEDS[need]());
  const required = (process.env.HEMLINE_REQUIRE ?? "").split(",");
  if (missing.length === 0) describe(name, body);
  else if (missing.some((need) => required.includes(need))) {
    it(name, () => {
      throw new Error(`HEMLINE_REQUIRE: there is no ${missing.join(" and no ")}`);
    });
  } else describe.skip(`${name} (no ${missing.join(", no ")})`, body);
}
