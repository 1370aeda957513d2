import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { buildModel } from "../../build/build-model.ts";

const MODEL = new URL("../../model/", import.meta.url).pathname;

it("the shipped artefact is what the shipped checkpoint gives, verified against PyTorch", () => {
  const out = mkdtempSync(join(tmpdir(), "hemline-shipped-"));
  try {
    const { difference } = buildModel({
      checkpoint: `${MODEL}checkpoint/student.safetensors`,
      golden: `${MODEL}checkpoint/golden.safetensors`,
      evaluation: null,
      out,
    });
    expect(difference.float).toBeLessThan(1e-3);
    for (const file of ["manifest.json", "weights.bin"]) {
      expect(digest(join(out, file))).toBe(digest(join(MODEL, "artefact", file)));
    }
  } finally {
    rmSync(out, { recursive: true });
  }
});

const digest = (path: string): string =>
  createHash("sha256").update(readFileSync(path)).digest("hex");
