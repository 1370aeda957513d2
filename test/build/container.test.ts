/** The commands of "In a container" (`worker/hosts/README.md`), on a copy of the repository. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll, expect, it } from "vitest";
import { ROOT } from "../../build/setup/paths.mjs";

const folder = mkdtempSync(`${tmpdir()}/hemline-container-`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A command of the page, as words. */
function documented(start: string): string[] {
  const page = readFileSync(`${ROOT}/worker/hosts/README.md`, "utf8");
  const line = page.split("\n").find((text) => text.startsWith(start));
  return line?.split(" ") ?? [];
}

it("serves from the production dependencies alone", async () => {
  for (const name of ["package.json", "package-lock.json", "worker", "model", "build"]) {
    cpSync(`${ROOT}/${name}`, `${folder}/${name}`, { recursive: true });
  }
  const [npm = "", ...install] = documented("npm ci");
  execFileSync(npm, [...install, "--prefer-offline", "--no-audit", "--no-fund"], { cwd: folder });
  const [, ...serve] = documented("node build/cli/hemline.ts serve");
  const child = spawn(process.execPath, [...serve, "--port", "0", "--threads", "1"], {
    cwd: folder,
    env: { PATH: process.env.PATH, HEMLINE_ENV: "development" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (text) => {
    said += text;
  });
  while (!said.includes("http://") && child.exitCode === null) await once(child.stderr, "data");
  const port = /http:\/\/0\.0\.0\.0:(\d+)/.exec(said)?.[1];
  const body = readFileSync(`${ROOT}/test/fixtures/pictures/tee.jpg`);
  const answer = await fetch(`http://127.0.0.1:${port}/v1/tags`, { method: "POST", body });
  expect(await answer.json()).toMatchObject({
    category: expect.arrayContaining([["tee", expect.any(Number)]]),
  });
  child.kill("SIGTERM");
  expect((await once(child, "exit"))[0]).toBe(0);
});
