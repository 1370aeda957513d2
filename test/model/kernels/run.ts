/** One convolution, random or hand-made, through a plan of its own. */
import { planArena } from "../../../model/kernels/arena.ts";
import {
  type DEQUANTISE,
  FILL_PADDING,
  GAVGPOOL,
  PAD_IMAGE,
} from "../../../model/kernels/assembly/plan.ts";
import { Kernels, type PackedLayer } from "../../../model/kernels/bind.ts";
import {
  blocksOf,
  LANES,
  type MapShape,
  NO_PADDING,
  originOf,
  planeBytes,
  type Quantisation,
  rowBytes,
  samePadding,
} from "../../../model/kernels/map.ts";
import { pack } from "../../../model/kernels/pack.ts";
import { kindOf, operation, type Program, SQUARE } from "../../../model/kernels/program.ts";
import type { Convolution, PlainMap } from "../../../model/kernels/scalar/convolution.ts";
import { layer } from "../../../model/layer.ts";
import { seededRandom } from "../random-weights.ts";

export interface Case {
  kind: "conv" | "depthwise";
  kernel: number;
  stride: number;
  inputs: number;
  outputs: number;
  height: number;
  width: number;
  residual?: boolean;
  /** Steps of the output that the sums spread over, about; 80 if not given. */
  spread?: number;
  /** Weights and pixels at their limits. */
  extreme?: boolean;
  seed?: number;
}

export interface Drawn {
  input: PlainMap;
  convolution: Convolution;
}

/** Everything random that a case leaves open. */
export function draw(c: Case): Drawn {
  const random = seededRandom(c.seed ?? 1);
  const integer = (low: number, high: number): number =>
    Math.min(high, low + Math.floor(((random() + 1) / 2) * (high - low + 1)));
  const perFilter = c.kernel ** 2 * (c.kind === "depthwise" ? 1 : c.inputs);
  const pick = (low: number, high: number): number =>
    c.extreme ? (random() < 0 ? low : high) : integer(low, high);
  const map = (height: number, width: number, channels: number): PlainMap => {
    const length = height * width * channels;
    const data = Uint8Array.from({ length }, () => pick(0, 255));
    return { height, width, channels, data };
  };
  const zeroPoint = (): number => (c.extreme ? pick(0, 255) : integer(0, 255));
  const source: Quantisation = { scale: 1 / 64, zeroPoint: zeroPoint() };
  const target: Quantisation = { scale: Math.fround(1 / 50), zeroPoint: zeroPoint() };
  const [height, width] = [Math.ceil(c.height / c.stride), Math.ceil(c.width / c.stride)];
  const kernel = Int8Array.from({ length: perFilter * c.outputs }, () => pick(-127, 127));
  const deviation = Math.sqrt(perFilter) * 127 * 74;
  return {
    input: map(c.height, c.width, c.inputs),
    convolution: {
      layer: layer(c.kind, "tried", c.kernel, c.inputs, c.outputs),
      stride: c.stride,
      kernel,
      bias: Int32Array.from({ length: c.outputs }, () => integer(-deviation, deviation)),
      multipliers: Float32Array.from(
        { length: c.outputs },
        () => ((c.spread ?? 80) / deviation) * (1 + random() / 2),
      ),
      source,
      target,
      ...(c.residual
        ? {
            residual: {
              map: map(height, width, c.outputs),
              quantisation: { scale: Math.fround(1 / 70), zeroPoint: zeroPoint() },
            },
          }
        : {}),
    },
  };
}

const READ = "read";
const MADE = "made";
const ADDED = "added";

/** What the SIMD kernels make of it. `padding` of the output: what a depthwise reader would want. */
export function runKernels(
  module: WebAssembly.Module,
  { input, convolution }: Drawn,
  outputPadding = NO_PADDING,
): { kernels: Kernels; output: Uint8Array; padding: boolean } {
  const { layer: tried, stride, kernel, bias, multipliers, source, target, residual } = convolution;
  const padding =
    convolution.padding ?? samePadding(input.height, input.width, tried.kernel, stride);
  const stem = tried.kind === "conv" && tried.kernel === 3;
  const { height, width, channels } = input;
  const from: MapShape = { layout: stem ? "rgb" : "planes", channels, height, width, padding };
  const out = (n: number, pads: number): number =>
    Math.floor((n + pads - tried.kernel) / stride) + 1;
  const to: MapShape = {
    layout: "planes",
    channels: tried.outputs,
    height: out(height, padding.top + padding.bottom),
    width: out(width, padding.left + padding.right),
    padding: outputPadding,
  };
  const maps = new Map<string, MapShape>([
    [READ, from],
    [MADE, to],
  ]);
  if (stem) maps.set(SQUARE, { ...from, padding: NO_PADDING });
  if (residual) maps.set(ADDED, { ...to, padding: NO_PADDING });
  const program: Program = {
    maps,
    operations: [
      stem ? operation(PAD_IMAGE, SQUARE, READ) : operation(FILL_PADDING, READ, READ),
      operation(FILL_PADDING, MADE, MADE),
      {
        kind: kindOf(tried, stride),
        input: READ,
        output: MADE,
        residual: residual ? ADDED : null,
        layer: tried,
        together: false,
      },
    ],
    inputs: [stem ? SQUARE : READ, ...(residual ? [ADDED] : [])],
    outputs: [MADE],
  };
  const packed = imageOf([pack(tried, kernel), padded(bias), padded(multipliers)]);
  const kernels = new Kernels(module, {
    program,
    arena: planArena(program),
    quantisation: new Map([
      [READ, source],
      [MADE, target],
      ...(residual ? [[ADDED, residual.quantisation] as const] : []),
    ]),
    image: { bytes: packed.bytes, layers: new Map([[tried.name, packed.layer]]) },
  });
  // Rubbish everywhere: nothing may depend on what lay there.
  for (const name of maps.keys()) kernels.bytes(name).fill(0xa5);
  if (stem) kernels.bytes(SQUARE).set(input.data);
  else fill(kernels.bytes(READ), from, input.data);
  if (residual) fill(kernels.bytes(ADDED), { ...to, padding: NO_PADDING }, residual.map.data);
  kernels.run();
  return { kernels, output: kernels.pixels(MADE), padding: framed(kernels, to, target) };
}

/** Global average pooling, or dequantisation, of a map. */
export function runFloats(
  module: WebAssembly.Module,
  kind: typeof GAVGPOOL | typeof DEQUANTISE,
  { height, width, channels, data }: PlainMap,
  quantisation: Quantisation,
): Float32Array {
  const from: MapShape = { layout: "planes", channels, height, width, padding: NO_PADDING };
  const size = kind === GAVGPOOL ? { height: 1, width: 1 } : { height, width };
  const maps = new Map<string, MapShape>([
    [READ, from],
    [MADE, { ...from, ...size, layout: "float" }],
  ]);
  const operations = [operation(kind, READ, MADE)];
  const program = { maps, operations, inputs: [READ], outputs: [MADE] };
  const kernels = new Kernels(module, {
    program,
    arena: planArena(program),
    quantisation: new Map([[READ, quantisation]]),
    image: { bytes: new Uint8Array(), layers: new Map() },
  });
  for (const name of maps.keys()) kernels.bytes(name).fill(0xa5);
  fill(kernels.bytes(READ), from, data);
  kernels.run();
  return kernels.floats(MADE);
}

/** Whether every byte of the output's padding is its zero point. */
function framed(kernels: Kernels, map: MapShape, { zeroPoint }: Quantisation): boolean {
  const bytes = kernels.bytes(MADE);
  for (const [at, value] of bytes.entries()) {
    const within = at % planeBytes(map);
    const y = Math.floor(within / rowBytes(map)) - map.padding.top;
    const x = Math.floor((within % rowBytes(map)) / LANES) - map.padding.left;
    const inside = y >= 0 && y < map.height && x >= 0 && x < map.width;
    if (!inside && value !== zeroPoint) return false;
  }
  return true;
}

function fill(to: Uint8Array, map: MapShape, data: Uint8Array): void {
  const { channels, width } = map;
  for (const [i, value] of data.entries()) {
    const [c, x] = [i % channels, Math.floor(i / channels) % width];
    const y = Math.floor(i / channels / width);
    const plane = Math.floor(c / LANES) * planeBytes(map) + originOf(map);
    to[plane + y * rowBytes(map) + x * LANES + (c % LANES)] = value;
  }
}

function padded<T extends Int32Array | Float32Array>(values: T): T {
  const out = new (values.constructor as new (n: number) => T)(blocksOf(values.length) * LANES);
  out.set(values as never);
  return out;
}

function imageOf(parts: ArrayBufferView[]): { bytes: Uint8Array; layer: PackedLayer } {
  const starts: number[] = [];
  let end = 0;
  for (const part of parts) {
    starts.push(end);
    end += Math.ceil(part.byteLength / 16) * 16;
  }
  const bytes = new Uint8Array(end);
  for (const [i, part] of parts.entries()) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), starts[i]);
  }
  const [weights = 0, bias = 0, multipliers = 0] = starts;
  return { bytes, layer: { weights, bias, multipliers } };
}
