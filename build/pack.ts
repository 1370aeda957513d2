import { createHash } from "node:crypto";
import { FORMAT, type Layout, type Manifest } from "../model/artefact.ts";
import { labels } from "../model/labels.ts";
import { preprocess } from "../model/preprocess.ts";
import type { CheckpointMetadata } from "./metadata.ts";
import type { QuantisedLayer } from "./quantise.ts";

/** The two files of `model/artefact/`. */
export interface Artefact {
  manifest: Manifest;
  weights: ArrayBuffer;
}

/** Sections start at multiples of 16 bytes, so that any view or SIMD load is aligned. */
const ALIGNMENT = 16;

/** The same checkpoint gives the same bytes: nothing of the time, the machine or the path. */
export function pack(
  { version, thresholds, tensorsSha256 }: CheckpointMetadata,
  layers: readonly QuantisedLayer[],
): Artefact {
  const { weights, layout } = packWeights(layers);
  const manifest = {
    format: FORMAT,
    model: version,
    checkpoint: { tensors_sha256: tensorsSha256 },
    weights: { bytes: weights.byteLength, sha256: sha256(weights) },
    preprocess,
    labels,
    thresholds,
    layers: layout,
  };
  return { manifest, weights };
}

/** Two spaces deep, a newline at the end. */
export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

function packWeights(layers: readonly QuantisedLayer[]): {
  weights: ArrayBuffer;
  layout: Layout[];
} {
  const sections: [offset: number, data: Int8Array | Float32Array][] = [];
  let end = 0;
  const place = (data: Int8Array | Float32Array): number => {
    const offset = Math.ceil(end / ALIGNMENT) * ALIGNMENT;
    sections.push([offset, data]);
    end = offset + data.byteLength;
    return offset;
  };
  const layout = layers.map(({ name, shape, kernel, scales, bias }) => ({
    name,
    shape: [...shape],
    kernel: place(kernel),
    scales: place(scales),
    bias: place(bias),
  }));
  const weights = new ArrayBuffer(end);
  for (const [offset, data] of sections) {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    new Uint8Array(weights).set(bytes, offset);
  }
  return { weights, layout };
}

function sha256(bytes: ArrayBuffer): string {
  return createHash("sha256").update(new Uint8Array(bytes)).digest("hex");
}
