/** Dependencies are pinned, explained, and run no script that is not listed. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { ROOT } from "../served/worker.ts";

const json = (name: string) => JSON.parse(readFileSync(`${ROOT}/${name}`, "utf8"));
const { dependencies, devDependencies, allowScripts } = json("package.json") as Record<
  string,
  Record<string, string | boolean>
>;
const lock = json("package-lock.json").packages as Record<
  string,
  { hasInstallScript?: boolean; integrity?: string; link?: boolean }
>;
const direct = { ...dependencies, ...devDependencies };

it("install scripts: those that package.json lists, and no others", () => {
  const scripts = Object.entries(lock).filter(([, { hasInstallScript }]) => hasInstallScript);
  const names = scripts.map(([path]) => path.replace(/^.*node_modules\//, ""));
  const listed = Object.keys(allowScripts ?? {}).filter((name) => allowScripts?.[name] === true);
  expect([...new Set(names)].sort()).toEqual(listed.sort());
});

it("every file in the lock has its hash", () => {
  const without = Object.entries(lock).filter(([path, { integrity, link }]) => {
    return path !== "" && !link && integrity === undefined;
  });
  expect(without.map(([path]) => path)).toEqual([]);
});

it("every direct dependency is pinned to one version", () => {
  const loose = Object.entries(direct).filter(
    ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(`${version}`),
  );
  // These types follow the pinned Node's major; the lock has their version.
  expect(loose).toEqual([["@types/node", `${direct.node}`.split(".")[0]]]);
});

it("every direct dependency has its reason in SECURITY.md, and no other has", () => {
  const text = readFileSync(`${ROOT}/SECURITY.md`, "utf8");
  const table = text.slice(text.indexOf("| package"));
  const rows = table
    .split("\n")
    .slice(2)
    .filter((line) => line.startsWith("|"));
  const named = rows.flatMap(
    (line) =>
      line
        .split("|")[1]
        ?.split(",")
        .map((name) => name.trim()) ?? [],
  );
  expect(named.sort()).toEqual(Object.keys(direct).sort());
  for (const line of rows) expect(line.split("|")[3]?.trim().length, line).toBeGreaterThan(0);
});

it("every file that SECURITY.md links is there", () => {
  const text = readFileSync(`${ROOT}/SECURITY.md`, "utf8");
  for (const [, path = ""] of text.matchAll(/\]\(([^)#:]+)\)/g)) {
    expect(() => readFileSync(`${ROOT}/${path}`)).not.toThrow(/ENOENT/);
  }
});
