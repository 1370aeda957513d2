import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

it("mutated pictures are read or refused: no crash, no hang", () => {
  const program = [
    "--expose-gc",
    "--import",
    "./worker/hosts/node/modules.ts",
    "test/fuzz/main.ts",
  ];
  const args = [...program, "--cases", "1500", "--seconds", "100"];
  const output = execFileSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
  const { cases, decoded, refused } = JSON.parse(output);
  expect(cases).toBe(1500);
  // Both happen, or the mutations do nothing.
  expect(decoded).toBeGreaterThan(100);
  expect(refused.corrupt_image).toBeGreaterThan(100);
});
