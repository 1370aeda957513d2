import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import Papa from "papaparse";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "../../build/setup/paths.mjs";

const tee = `${ROOT}/test/fixtures/pictures/tee.jpg`;
const program = [`${ROOT}/build/cli/hemline.ts`, "tag"];
let folder: string;

const hemline = (...args: string[]) =>
  spawnSync(process.execPath, [...program, ...args], { cwd: folder, encoding: "utf8" });
const lines = (text: string) =>
  text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { file: string; error?: object });

beforeAll(() => {
  folder = mkdtempSync(`${tmpdir()}/hemline-`);
  for (const name of ["photos/inner", "many", "empty"])
    mkdirSync(`${folder}/${name}`, { recursive: true });
  for (const name of ["c.jpg", "a.jpg", ".hidden.jpg", "inner/z.jpg"])
    copyFileSync(tee, `${folder}/photos/${name}`);
  writeFileSync(`${folder}/photos/b.jpg`, readFileSync(tee).subarray(0, 300));
  writeFileSync(`${folder}/photos/notes.txt`, "no picture");
  for (let i = 100; i < 400; i++) linkSync(`${folder}/photos/a.jpg`, `${folder}/many/${i}.jpg`);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("a folder", () => {
  it("becomes lines of JSON in the order of names; what fails is reported", () => {
    const { status, stdout, stderr } = hemline(
      "-r",
      "photos",
      "nowhere.jpg",
      "photos/c.jpg",
      "--threads",
      "2",
    );
    const found = lines(stdout);
    const names = [
      "photos/a.jpg",
      "photos/b.jpg",
      "photos/c.jpg",
      "photos/inner/z.jpg",
      "nowhere.jpg",
    ];
    expect(found.map(({ file }) => file)).toEqual(names);
    expect(found[0]).toMatchObject({
      category: expect.arrayContaining([["tee", expect.any(Number)]]),
    });
    expect(found[1]).toEqual({
      file: "photos/b.jpg",
      error: { code: "corrupt_image", detail: expect.any(String) },
    });
    expect(found[4]).toMatchObject({ error: { code: "not_found" } });
    expect(status).toBe(2);
    expect(stderr).toContain("hemline: photos/b.jpg: corrupt_image: ");
    expect(stderr).toContain("3 tagged, 2 failed in ");
    expect(stderr).not.toContain("\x1b");
  });

  it("becomes a table in a file", () => {
    const { status, stdout, stderr } = hemline(
      "photos/inner",
      "photos/a.jpg",
      "--csv",
      "--out",
      "tags.csv",
    );
    expect([status, stdout]).toEqual([0, ""]);
    expect(stderr).toContain("2 tagged in ");
    const text = readFileSync(`${folder}/tags.csv`, "utf8").trimEnd();
    const { data } = Papa.parse<Record<string, string>>(text, { header: true });
    expect(data).toMatchObject([
      { file: "photos/inner/z.jpg", category: "tee", width: "480", error: "" },
      { file: "photos/a.jpg", category: "tee", width: "480", error: "" },
    ]);
  });
});

describe("interrupted", () => {
  it("it ends in order, with whole lines", async () => {
    const child = spawn(process.execPath, [...program, "many"], { cwd: folder });
    let [stdout, stderr] = ["", ""];
    child.stderr.on("data", (text) => {
      stderr += text;
    });
    child.stdout.on("data", (text) => {
      if (stdout === "") child.kill("SIGINT");
      stdout += text;
    });
    const [status] = await once(child, "close");
    expect(status).toBe(130);
    const found = lines(stdout);
    expect(found.length).toBeLessThan(300);
    expect(found.map(({ file }) => file)).toEqual(found.map((_, i) => `many/${100 + i}.jpg`));
    expect(stderr).toMatch(/^hemline: \d+ tagged in .*; interrupted, 300 were asked for\.\n$/);
  });

  it("by a reader that leaves, too", async () => {
    const child = spawn(process.execPath, [...program, "many"], { cwd: folder });
    let stderr = "";
    child.stderr.on("data", (text) => {
      stderr += text;
    });
    child.stdout.once("data", () => child.stdout.destroy());
    await once(child, "close");
    expect(stderr).toContain("interrupted");
    expect(stderr).not.toMatch(/^ +at /m);
  });
});

it("says what it can do", () => {
  const { status, stdout } = hemline("--help");
  expect(status).toBe(0);
  expect(stdout).toContain("--recursive");
});

it.each([
  [[], "usage:"],
  [["--json", "--csv", "photos"], "usage:"],
  [["--nonsense", "photos"], "usage:"],
  [["--top", "21", "photos"], "--top is a whole number from 1 to 20"],
  [["--threads", "none", "photos"], "--threads is a whole number"],
  [["empty"], "there are no pictures in empty"],
  [["photos", "--out", "nowhere/tags.json"], "nowhere/tags.json cannot be written"],
  [["photos", "--out", "/dev/full"], "/dev/full cannot be written"],
])("refuses %j", (args, reason) => {
  const { status, stdout, stderr } = hemline(...args);
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toContain(reason);
  expect(stderr).not.toMatch(/^ +at /m);
});
