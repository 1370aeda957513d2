/**
 * The built network: `model/artefact/manifest.json` and `weights.bin`, written by `build/`.
 *
 * `weights.bin` is little-endian. First the trunk's image, in the order in which the int8 kernels read
 * it: per layer packed int8 weights, int32 biases, float32 multipliers. Then what the float engine
 * needs of the trunk: float32 scales and biases. Then the layers behind the trunk: int8 weights
 * (output channel fastest), float32 scales and biases.
 */
import { restLayers, trunkLayers } from "./architecture.ts";
import { type Dimensions, dimensions } from "./dimensions.ts";
import type { Arena } from "./kernels/arena.ts";
import type { Binding, PackedLayer } from "./kernels/bind.ts";
import type { Quantisation } from "./kernels/map.ts";
import { packedBytes, unpack } from "./kernels/pack.ts";
import { trunkProgram } from "./kernels/program.ts";
import { type Group, type Labels, labels } from "./labels.ts";
import { type Layer, weightShape } from "./layer.ts";
import { type Preprocess, preprocess } from "./preprocess.ts";
import type { Temperatures } from "./tagger.ts";
import { trunk } from "./trunk.ts";
import type { FloatLayer } from "./weights.ts";

/** Where a layer lies in `weights.bin`: byte offsets. */
export interface Layout {
  name: string;
  shape: number[];
  kernel: number;
  scales: number;
  bias: number;
}

/** A layer of the trunk; `packed` counts from the start of the image, the others of the file. */
export interface TrunkLayout {
  name: string;
  shape: number[];
  packed: PackedLayer;
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

export interface TrunkManifest {
  image: { offset: number; bytes: number };
  layers: TrunkLayout[];
  /** Scale and zero point of every activation. */
  activations: Readonly<Record<string, Quantisation>>;
  /** Where the activations lie while a picture is being tagged. */
  arena: Arena;
}

export interface Manifest {
  format: number;
  /** Name and version of the model, as answers carry it. */
  model: string;
  /** Digest of the checkpoint's tensors (`training/checkpoint.py`). */
  checkpoint: { tensors_sha256: string };
  weights: { bytes: number; sha256: string };
  preprocess: Preprocess;
  dimensions: Dimensions;
  labels: Labels;
  thresholds: Thresholds;
  temperatures: Temperatures;
  trunk: TrunkManifest;
  layers: Layout[];
}

/** The layout that this code reads and writes. */
export const FORMAT = 2;

/** The artefact and the code do not fit each other. */
export class ArtefactError extends Error {
  override readonly name = "ArtefactError";
}

/** The layers behind the trunk in float32, one at a time. Throws `ArtefactError`. */
export function* restWeights(manifest: Manifest, bytes: ArrayBuffer): Generator<FloatLayer> {
  check(manifest, bytes);
  for (const [i, layer] of restLayers(labels).entries()) {
    const { kernel, ...layout } = manifest.layers[i] as Layout;
    const size = layout.shape.reduce((a, b) => a * b);
    yield dequantise(layout, new Int8Array(bytes, kernel, size), layer.outputs, bytes);
  }
}

/** The trunk's layers in float32: the very int8 weights that the kernels run. */
export function* trunkWeights(manifest: Manifest, bytes: ArrayBuffer): Generator<FloatLayer> {
  check(manifest, bytes);
  const { layers, image } = manifest.trunk;
  for (const [i, layer] of trunkLayers.entries()) {
    const layout = layers[i] as TrunkLayout;
    const at = image.offset + layout.packed.weights;
    const kernel = unpack(layer, new Int8Array(bytes, at, packedBytes(layer)));
    yield dequantise(layout, kernel, layer.outputs, bytes);
  }
}

/** The trunk as the int8 kernels take it. Throws `ArtefactError`. */
export function trunkBinding(manifest: Manifest, bytes: ArrayBuffer): Binding {
  check(manifest, bytes);
  const { image, layers, activations, arena } = manifest.trunk;
  return {
    program: trunkProgram(trunk, preprocess.size),
    arena,
    quantisation: new Map(Object.entries(activations)),
    image: {
      bytes: new Uint8Array(bytes, image.offset, image.bytes),
      layers: new Map(layers.map(({ name, packed }) => [name, packed])),
    },
  };
}

function dequantise(
  { name, shape, scales: at, bias }: Omit<Layout, "kernel">,
  steps: Int8Array,
  outputs: number,
  bytes: ArrayBuffer,
): FloatLayer {
  const scales = new Float32Array(bytes, at, outputs);
  const kernel = new Float32Array(steps.length);
  // Row by row rather than `i % outputs`: this loop runs millions of times at start-up.
  for (let row = 0; row < kernel.length; row += outputs) {
    for (let c = 0; c < outputs; c++) {
      kernel[row + c] = (steps[row + c] as number) * (scales[c] as number);
    }
  }
  return { name, shape, kernel, bias: new Float32Array(bytes, bias, outputs) };
}

/** What is cheap to check: format, labels, preprocessing, shapes, size; hashes are the build's. */
function check(manifest: Manifest, bytes: ArrayBuffer): void {
  const fits = (what: string, found: unknown, wanted: unknown): void => {
    const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
    if (a !== b) throw new ArtefactError(`model/artefact: ${what} is ${a}, the code has ${b}`);
  };
  const shapes = (layers: readonly Layer[]) => layers.map((l) => [l.name, weightShape(l)]);
  const stored = (layouts: readonly Omit<Layout, "kernel">[]) =>
    layouts.map(({ name, shape }) => [name, shape]);
  fits("format", manifest.format, FORMAT);
  fits("the size of weights.bin", bytes.byteLength, manifest.weights.bytes);
  fits("preprocess", manifest.preprocess, preprocess);
  fits("dimensions", manifest.dimensions, dimensions);
  fits("labels", manifest.labels, labels);
  fits("the trunk's layers", stored(manifest.trunk.layers), shapes(trunkLayers));
  fits("the layers behind it", stored(manifest.layers), shapes(restLayers(labels)));
}
