/** The trunk as the kernels run it: which maps there are, and what is done to them in which order. */
import type { Layer } from "../layer.ts";
import { INPUT, type Trunk } from "../trunk.ts";
import {
  CONV1X1,
  CONV3X3S2,
  DEQUANTISE,
  DWCONV3X3S1,
  DWCONV3X3S2,
  DWCONV5X5S1,
  DWCONV5X5S2,
  FILL_PADDING,
  GAVGPOOL,
  PAD_IMAGE,
} from "./assembly/plan.ts";
import { type MapShape, NO_PADDING, samePadding } from "./map.ts";

export interface Operation {
  /** A kind of `assembly/plan.ts`. */
  kind: number;
  /** Names of maps. */
  input: string;
  output: string;
  residual: string | null;
  /** Its weights; null: it has none. */
  layer: Layer | null;
  /**
   * Whether a thread goes on to the next operation without waiting for the others: there it reads and
   * writes only planes whose share is its own in both.
   */
  together: boolean;
}

export interface Program {
  maps: ReadonlyMap<string, MapShape>;
  operations: readonly Operation[];
  /** Maps that the caller fills before a run, and those that it reads after. */
  inputs: readonly string[];
  outputs: readonly string[];
}

/** Names of the float maps that leave the trunk; `SQUARE`: where the picture's bytes go. */
export const SQUARE = "square";
export const S8 = "s8";
export const S16 = "s16";
export const POOLED = "pooled";

/** The trunk over a square of `size` pixels each way, a multiple of 32. */
export function trunkProgram({ steps, taps }: Trunk, size: number): Program {
  const maps = new Map<string, MapShape>();
  const operations: Operation[] = [];
  const picture = { channels: 3, height: size, width: size };
  const square: MapShape = { ...picture, layout: "rgb", padding: NO_PADDING };
  maps.set(SQUARE, square);
  maps.set(INPUT, { ...square, padding: samePadding(size, size, 3, 2) });
  operations.push(operation(PAD_IMAGE, SQUARE, INPUT));
  for (const { name, layer, stride, source, residual } of steps) {
    const from = maps.get(source) as MapShape;
    const [height, width] = [Math.ceil(from.height / stride), Math.ceil(from.width / stride)];
    const reader = steps.find((other) => other.source === name && other.layer.kind === "depthwise");
    const padding = reader
      ? samePadding(height, width, reader.layer.kernel, reader.stride)
      : NO_PADDING;
    maps.set(name, { layout: "planes", channels: layer.outputs, height, width, padding });
    // Planes are padded, expanded and convolved depthwise by one and the same thread.
    if (reader) operations.push({ ...operation(FILL_PADDING, name, name), together: true });
    const kind = kindOf(layer, stride);
    const together = reader !== undefined && kind === CONV1X1;
    operations.push({ kind, input: source, output: name, residual, layer, together });
    for (const [tap, output] of [
      ["s8", S8],
      ["s16", S16],
    ] as const) {
      if (taps[tap].name !== name) continue;
      const shape = { channels: layer.outputs, height, width, padding: NO_PADDING };
      maps.set(output, { ...shape, layout: "float" });
      operations.push(operation(DEQUANTISE, name, output));
    }
  }
  const { name: head, channels } = taps.head;
  maps.set(POOLED, { layout: "float", channels, height: 1, width: 1, padding: NO_PADDING });
  operations.push(operation(GAVGPOOL, head, POOLED));
  // The head's map is read to explain an answer.
  return { maps, operations, inputs: [SQUARE], outputs: [S8, S16, POOLED, head] };
}

export function operation(kind: number, input: string, output: string): Operation {
  return { kind, input, output, residual: null, layer: null, together: false };
}

/** Throws `RangeError` for a convolution that no kernel computes. */
export function kindOf({ kind, kernel }: Layer, stride: number): number {
  const name = `${kind} ${kernel} ${stride}`;
  const known: Record<string, number> = {
    "conv 3 2": CONV3X3S2,
    "conv 1 1": CONV1X1,
    "depthwise 3 1": DWCONV3X3S1,
    "depthwise 3 2": DWCONV3X3S2,
    "depthwise 5 1": DWCONV5X5S1,
    "depthwise 5 2": DWCONV5X5S2,
  };
  const found = known[name];
  if (found === undefined) throw new RangeError(`no kernel for ${name} (kind, kernel, stride)`);
  return found;
}
