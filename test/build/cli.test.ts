import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { ROOT } from "../../build/setup/paths.mjs";

const hemline = (...args: string[]) =>
  spawnSync(process.execPath, [`${ROOT}/build/cli/hemline.ts`, ...args], { encoding: "utf8" });

it("shows how it is used", () => {
  const { status, stdout } = hemline("--help");
  expect(status).toBe(0);
  expect(stdout).toContain("hemline webhook:test <source>");
});

it.each([[[]], [["nonsense"]], [["webhook:test"]], [["assets:retry", "--no-such-option"]]])(
  "refuses %j with the usage and no stack",
  (args) => {
    const { status, stderr } = hemline(...args);
    expect(status).toBe(1);
    expect(stderr).toContain("usage:");
    expect(stderr).not.toMatch(/^ +at /m);
  },
);
