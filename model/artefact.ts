/**
 * The built network: `model/artefact/manifest.json` and `weights.bin`, written by `build/`.
 *
 * `weights.bin` is little-endian; per layer an int8 kernel (output channel fastest), float32
 * scales and float32 biases, one per output channel, at the offsets that the manifest names.
 */
import { type Layer, layersOf, weightShape } from "./architecture.ts";
import { type Group, type Labels, labels } from "./labels.ts";
import { type Preprocess, preprocess } from "./preprocess.ts";
import type { FloatLayer } from "./weights.ts";

/** Where a layer lies in `weights.bin`: byte offsets. */
export interface Layout {
  name: string;
  shape: number[];
  kernel: number;
  scales: number;
  bias: number;
}

/** Scores from which something is said, 0..1; chosen on the validation split. */
export interface Thresholds {
  /** Per attribute, in the order of `model/labels.json`. */
  attributes: Readonly<Record<Group, readonly number[]>>;
  /** For every landmark. */
  presence: number;
}

export interface Manifest {
  format: number;
  /** Name and version of the model, as answers carry it. */
  model: string;
  /** Digest of the checkpoint's tensors (`training/export.py`). */
  checkpoint: { tensors_sha256: string };
  weights: { bytes: number; sha256: string };
  preprocess: Preprocess;
  labels: Labels;
  thresholds: Thresholds;
  layers: Layout[];
}

/** The layout that this code reads and writes. */
export const FORMAT = 1;

/** The artefact and the code do not fit each other. */
export class ArtefactError extends Error {
  override readonly name = "ArtefactError";
}

/**
 * The layers in float32, one at a time. Checks what is cheap to check (format, labels,
 * preprocessing, shapes, size); hashes are the build's business. Throws `ArtefactError`.
 */
export function* unpack(manifest: Manifest, bytes: ArrayBuffer): Generator<FloatLayer> {
  const layers = layersOf(labels);
  check(manifest, layers, bytes);
  for (const [i, layer] of layers.entries()) {
    yield dequantise(manifest.layers[i] as Layout, layer.outputs, bytes);
  }
}

function dequantise(layout: Layout, outputs: number, bytes: ArrayBuffer): FloatLayer {
  const { name, shape } = layout;
  const size = shape.reduce((a, b) => a * b);
  const steps = new Int8Array(bytes, layout.kernel, size);
  const scales = new Float32Array(bytes, layout.scales, outputs);
  const kernel = new Float32Array(size);
  // Row by row rather than `i % outputs`: this loop runs four million times at start-up.
  for (let row = 0; row < size; row += outputs) {
    for (let c = 0; c < outputs; c++) {
      kernel[row + c] = (steps[row + c] as number) * (scales[c] as number);
    }
  }
  return { name, shape, kernel, bias: new Float32Array(bytes, layout.bias, outputs) };
}

function check(manifest: Manifest, layers: readonly Layer[], bytes: ArrayBuffer): void {
  const fits = (what: string, found: unknown, wanted: unknown): void => {
    const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
    if (a !== b) throw new ArtefactError(`model/artefact: ${what} is ${a}, the code has ${b}`);
  };
  fits("format", manifest.format, FORMAT);
  fits("the size of weights.bin", bytes.byteLength, manifest.weights.bytes);
  fits("preprocess", manifest.preprocess, preprocess);
  fits("labels", manifest.labels, labels);
  fits(
    "the list of layers",
    manifest.layers.map(({ name, shape }) => [name, shape]),
    layers.map((layer) => [layer.name, weightShape(layer)]),
  );
}
