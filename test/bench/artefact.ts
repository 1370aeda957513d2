import { readFileSync } from "node:fs";
import { type Manifest, trunkBinding } from "../../model/artefact.ts";
import type { Binding } from "../../model/kernels/bind.ts";

const FOLDER = new URL("../../model/artefact/", import.meta.url);

export interface Shipped {
  manifest: Manifest;
  weights: ArrayBuffer;
  binding: Binding;
}

/** The artefact of this checkout. */
export function shipped(): Shipped {
  const manifest: Manifest = JSON.parse(readFileSync(new URL("manifest.json", FOLDER), "utf8"));
  const weights = new Uint8Array(readFileSync(new URL("weights.bin", FOLDER))).buffer;
  return { manifest, weights, binding: trunkBinding(manifest, weights) };
}
