import { createHash } from "node:crypto";
import { FORMAT, type Layout, type Manifest, type TrunkManifest } from "../model/artefact.ts";
import { dimensions } from "../model/dimensions.ts";
import { planArena } from "../model/kernels/arena.ts";
import { trunkProgram } from "../model/kernels/program.ts";
import { labels } from "../model/labels.ts";
import { preprocess } from "../model/preprocess.ts";
import { trunk } from "../model/trunk.ts";
import type { IntegerTrunk } from "./integer-trunk.ts";
import type { CheckpointMetadata } from "./metadata.ts";
import type { QuantisedLayer } from "./quantise.ts";
import { Sections } from "./sections.ts";

/** The two files of `model/artefact/`. */
export interface Artefact {
  manifest: Manifest;
  weights: ArrayBuffer;
}

/** The same checkpoint gives the same bytes: nothing of the time, the machine or the path. */
export function pack(
  { version, thresholds, temperatures, tensorsSha256 }: CheckpointMetadata,
  integer: IntegerTrunk,
  layers: readonly QuantisedLayer[],
): Artefact {
  const sections = new Sections();
  const trunkManifest = packTrunk(integer, sections);
  const layouts = layers.map(
    ({ name, shape, kernel, scales, bias }): Layout => ({
      name,
      shape: [...shape],
      kernel: sections.place(kernel),
      scales: sections.place(scales),
      bias: sections.place(bias),
    }),
  );
  const weights = sections.bytes().buffer;
  const manifest = {
    format: FORMAT,
    model: version,
    checkpoint: { tensors_sha256: tensorsSha256 },
    weights: { bytes: weights.byteLength, sha256: sha256(weights) },
    preprocess,
    dimensions,
    labels,
    thresholds,
    temperatures,
    trunk: trunkManifest,
    layers: layouts,
  };
  return { manifest, weights };
}

function packTrunk(
  { convs, quantisation, image }: IntegerTrunk,
  sections: Sections,
): TrunkManifest {
  const offset = sections.place(image.bytes);
  const layers = convs.map(({ name, shape, scales, floatBias }) => {
    const packed = image.layers.get(name);
    if (packed === undefined) throw new RangeError(`the image holds no layer "${name}"`);
    const places = { scales: sections.place(scales), bias: sections.place(floatBias) };
    return { name, shape: [...shape], packed, ...places };
  });
  return {
    image: { offset, bytes: image.bytes.length },
    layers,
    activations: Object.fromEntries(quantisation),
    arena: planArena(trunkProgram(trunk, preprocess.size)),
  };
}

/** Two spaces deep, a newline at the end. */
export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

function sha256(bytes: ArrayBuffer): string {
  return createHash("sha256").update(new Uint8Array(bytes)).digest("hex");
}
