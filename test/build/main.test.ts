import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { expect, it } from "vitest";

const MAIN = new URL("../../build/main.ts", import.meta.url).pathname;

const EVALUATION = new URL("../../runs/eval/val.safetensors", import.meta.url).pathname;

function build(...args: string[]) {
  // Where photographs are required, their absence is the first thing the build complains of.
  return buildWhere({ HEMLINE_REQUIRE: "" }, ...args);
}

function buildWhere(variables: Record<string, string>, ...args: string[]) {
  const env = { ...process.env, ...variables };
  return spawnSync(process.execPath, [MAIN, ...args], { encoding: "utf8", env });
}

it("explains itself", () => {
  const { status, stdout } = build("--help");
  expect(status).toBe(0);
  for (const option of ["--checkpoint", "--golden", "--evaluation", "--out"]) {
    expect(stdout).toContain(option);
  }
});

it.each([["--chekpoint=x"], ["surplus"]])("refuses %s", (argument) => {
  const { status, stderr } = build(argument);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^build: \[bad_argument\] /);
});

it("fails with code and path on a checkpoint that is not there", () => {
  const { status, stderr } = build("--checkpoint", "/nowhere/student.safetensors");
  expect(status).toBe(1);
  expect(stderr).toMatch(/^build: \[file_not_found\] \/nowhere\/student.safetensors/);
});

it.skipIf(existsSync(EVALUATION))("fails where photographs are required and absent", () => {
  const { status, stderr } = buildWhere({ HEMLINE_REQUIRE: "chromium,photos" });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^build: \[evaluation_missing\] /);
});
