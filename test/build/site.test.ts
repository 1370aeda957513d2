/** What the build leaves in the page's folder. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, it } from "vitest";
import { html } from "../../build/site/html.ts";
import { buildSite } from "../../build/site/main.ts";
import { writeFolder } from "../../build/site/write-folder.ts";
import { SECURITY_HEADERS } from "../../worker/headers.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/hemline-site-`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bytes = (text: string) => new TextEncoder().encode(text);
const names = () => readdirSync(folder).sort();

it("leaves files that are the same untouched, and takes stale ones away but the repository's", () => {
  writeFileSync(`${folder}/.gitignore`, "*");
  const files = new Map([
    ["a.js", bytes("a")],
    ["b.js", bytes("b")],
  ]);
  writeFolder(folder, files);
  const before = statSync(`${folder}/a.js`).mtimeMs;
  writeFolder(folder, new Map([...files, ["b.js", bytes("c")], ["d/e.js", bytes("e")]]));
  expect(statSync(`${folder}/a.js`).mtimeMs).toBe(before);
  expect(readFileSync(`${folder}/b.js`, "utf8")).toBe("c");
  writeFolder(folder, new Map([["a.js", bytes("a")]]));
  expect(names()).toEqual([".gitignore", "a.js", "d"]);
});

it("refuses a template that asks for what there is not", () => {
  expect(() => html({})).toThrow("asks for {{icon}}");
});

it("names every file that the page asks for, hashed, under the Worker's own policy", async () => {
  await buildSite(folder);
  const page = readFileSync(`${folder}/index.html`, "utf8");
  const asked = [...page.matchAll(/"\/(assets\/[^"]+)"/g)].map(([, path]) => path as string);
  expect(asked).toHaveLength(3);
  for (const path of asked) {
    expect(path).toMatch(/-[A-Z0-9]{8}\.\w+$/);
    expect(statSync(`${folder}/${path}`).size).toBeGreaterThan(0);
  }
  const headers = readFileSync(`${folder}/_headers`, "utf8");
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) {
    expect(headers).toContain(`  ${name}: ${value}\n`);
  }
  // The same sources, the same files.
  const first = readdirSync(`${folder}/assets`).sort();
  await buildSite(folder);
  expect(readdirSync(`${folder}/assets`).sort()).toEqual(first);
});
