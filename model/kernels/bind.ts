/** Binds a program to memory: the plan is written once, then every picture is one call. */
import type { Layer } from "../layer.ts";
import type { Arena } from "./arena.ts";
import * as plan from "./assembly/plan.ts";
import {
  blocksOf,
  LANES,
  type MapShape,
  originOf,
  planeBytes,
  type Quantisation,
  rowBytes,
} from "./map.ts";
import type { Operation, Program } from "./program.ts";

/** Where a layer's parts lie, in bytes from the start of the image. */
export interface PackedLayer {
  weights: number;
  bias: number;
  multipliers: number;
}

/** Weights, biases and multipliers of all layers, as they lie in memory. */
export interface Image {
  bytes: Uint8Array;
  layers: ReadonlyMap<string, PackedLayer>;
}

export interface Binding {
  program: Program;
  arena: Arena;
  quantisation: ReadonlyMap<string, Quantisation>;
  image: Image;
}

/** Low addresses stay empty: the compiler folds offsets on the strength of that. */
const BASE = 1024;
const PAGE = 65536;
const ALIGNMENT = 64;
/** `TILE` of `assembly/gemm.ts`: pixels of a panel, two bytes each. */
const PANEL_BYTES = 5 * 2;

interface Exports {
  run(plan: number): void;
  help(plan: number, thread: number): void;
}

/** Memory, the plan's address in it, and the module: what a helper thread needs (`threads/`). */
export interface Shared {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  plan: number;
}

export class Kernels {
  readonly memory: WebAssembly.Memory;
  readonly threads: number;
  readonly shared: Shared;
  readonly #run: () => void;
  readonly #binding: Binding;
  readonly #arena: number;

  /** `module`: `kernels.wasm`; `kernels-threads.wasm` where the memory is shared. */
  constructor(
    module: WebAssembly.Module,
    binding: Binding,
    threads = 1,
    shared: boolean = threads > 1,
  ) {
    const { program, arena, image } = binding;
    let end = BASE;
    const reserve = (bytes: number): number => {
      const start = Math.ceil(end / ALIGNMENT) * ALIGNMENT;
      end = start + bytes;
      return start;
    };
    const header = reserve(plan.HEADER_BYTES + program.operations.length * plan.OP_BYTES);
    const weights = reserve(image.bytes.length);
    const scratchBytes = Math.ceil(panelBytes(program) / ALIGNMENT) * ALIGNMENT;
    const scratch = reserve(scratchBytes * threads);
    this.#arena = reserve(arena.bytes);
    const pages = Math.ceil(end / PAGE);
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
    this.threads = threads;
    this.#binding = binding;
    this.shared = { module, memory: this.memory, plan: header };
    new Uint8Array(this.memory.buffer, weights, image.bytes.length).set(image.bytes);
    const view = new DataView(this.memory.buffer, header);
    const fields = [
      [plan.COUNT, program.operations.length],
      [plan.THREADS, threads],
      [plan.SCRATCH, scratch],
      [plan.SCRATCH_BYTES, scratchBytes],
    ] as const;
    for (const [at, value] of fields) view.setInt32(at, value, true);
    for (const [i, operation] of program.operations.entries()) {
      const at = header + plan.HEADER_BYTES + i * plan.OP_BYTES;
      this.#write(new DataView(this.memory.buffer, at, plan.OP_BYTES), operation, weights);
    }
    const { run } = instantiate(this.shared);
    this.#run = () => run(header);
  }

  /** Once over the plan; the inputs were written to `bytes`. */
  run(): void {
    this.#run();
  }

  /** Ends the helper threads; there is no run after this one. */
  stop(): void {
    const words = new Int32Array(this.memory.buffer, this.shared.plan, plan.HEADER_BYTES / 4);
    Atomics.store(words, plan.STOP / 4, 1);
    Atomics.add(words, plan.PICTURES / 4, 1);
    Atomics.notify(words, plan.PICTURES / 4);
  }

  /** The bytes of a map, padding included. */
  bytes(name: string): Uint8Array {
    const shape = this.shape(name);
    const size = planeBytes(shape) * (shape.layout === "planes" ? blocksOf(shape.channels) : 1);
    return new Uint8Array(this.memory.buffer, this.#address(name), size);
  }

  /** A float map: `[height,width,channels]`. */
  floats(name: string): Float32Array {
    const { height, width, channels } = this.shape(name);
    return new Float32Array(this.memory.buffer, this.#address(name), height * width * channels);
  }

  /** A uint8 map without its padding: `[height,width,channels]`. */
  pixels(name: string): Uint8Array<ArrayBuffer> {
    const shape = this.shape(name);
    const { height, width, channels } = shape;
    const from = this.bytes(name);
    const out = new Uint8Array(height * width * channels);
    for (let c = 0; c < channels; c++) {
      const plane = Math.floor(c / LANES) * planeBytes(shape) + originOf(shape) + (c % LANES);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          out[(y * width + x) * channels + c] = from[
            plane + y * rowBytes(shape) + x * LANES
          ] as number;
        }
      }
    }
    return out;
  }

  quantisation(name: string): Quantisation {
    const found = this.#binding.quantisation.get(name);
    if (found === undefined) throw new RangeError(`"${name}" is not quantised`);
    return found;
  }

  shape(name: string): MapShape {
    const shape = this.#binding.program.maps.get(name);
    if (shape === undefined) throw new RangeError(`the program has no map "${name}"`);
    return shape;
  }

  #address(name: string): number {
    return this.#arena + (this.#binding.arena.offsets[name] as number);
  }

  #write(view: DataView, operation: Operation, weights: number): void {
    const { kind, input, output, residual, layer, together } = operation;
    const from = this.shape(input);
    const to = this.shape(output);
    const set = (at: number, value: number): void => view.setInt32(at, value, true);
    set(plan.KIND, kind);
    const wide = layer !== null && layer.kernel > 1;
    set(plan.INPUT, this.#address(input) + (wide ? 0 : originOf(from)));
    set(plan.INPUT_ROW, rowBytes(from));
    set(plan.INPUT_PLANE, planeBytes(from));
    set(plan.INPUT_BLOCKS, inputBlocks(operation, from));
    set(plan.OUTPUT, this.#address(output) + originOf(to));
    set(plan.OUTPUT_ROW, rowBytes(to));
    set(plan.OUTPUT_PLANE, planeBytes(to));
    set(plan.OUTPUT_BLOCKS, blocksOf(to.channels));
    const size = kind === plan.DEQUANTISE || kind === plan.GAVGPOOL ? from : to;
    set(plan.TOGETHER, together ? 1 : 0);
    set(plan.ROWS, size.height);
    set(plan.WIDTH, size.width);
    for (const [at, side] of [
      [plan.TOP, "top"],
      [plan.BOTTOM, "bottom"],
      [plan.LEFT, "left"],
      [plan.RIGHT, "right"],
    ] as const) {
      set(at, to.padding[side]);
    }
    if (layer !== null) this.#writeLayer(set, layer, weights);
    const quantised = this.quantisation(to.layout === "float" ? input : output);
    set(plan.ZERO_POINT, quantised.zeroPoint);
    view.setFloat32(plan.ROUND, plan.ROUND_VALUE, true);
    const pixels = kind === plan.GAVGPOOL ? from.height * from.width : 1;
    view.setFloat32(plan.SCALE, quantised.scale / pixels, true);
    if (residual !== null) this.#writeResidual(set, view, residual, quantised.scale);
    const maps = [from, to, ...(residual === null ? [] : [this.shape(residual)])];
    if (kind === plan.CONV1X1 && maps.every(isFlat)) {
      // One long row: tiles need not end where a row of pixels does.
      set(plan.ROWS, 1);
      set(plan.WIDTH, to.height * to.width);
    }
  }

  #writeLayer(set: (at: number, value: number) => void, layer: Layer, weights: number): void {
    const packed = this.#binding.image.layers.get(layer.name);
    if (packed === undefined) throw new RangeError(`the image holds no layer "${layer.name}"`);
    set(plan.WEIGHTS, weights + packed.weights);
    set(plan.BIAS, weights + packed.bias);
    set(plan.MULTIPLIERS, weights + packed.multipliers);
  }

  #writeResidual(
    set: (at: number, value: number) => void,
    view: DataView,
    residual: string,
    scale: number,
  ): void {
    const map = this.shape(residual);
    const quantised = this.quantisation(residual);
    set(plan.RESIDUAL, this.#address(residual) + originOf(map));
    set(plan.RESIDUAL_ROW, rowBytes(map));
    set(plan.RESIDUAL_PLANE, planeBytes(map));
    set(plan.RESIDUAL_ZERO, quantised.zeroPoint);
    view.setFloat32(plan.RESIDUAL_MULTIPLIER, quantised.scale / scale, true);
  }
}

/** The module over shared or plain memory. Throws where it was built for the other kind. */
export function instantiate({ module, memory }: Shared): Exports {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Exports;
}

const isFlat = ({ padding, layout }: MapShape): boolean =>
  layout === "planes" && Object.values(padding).every((pixels) => pixels === 0);

/** Planes of eight inputs; what is dequantised counts channels; the stem's 27 inputs fill four. */
function inputBlocks({ kind }: Operation, { channels }: MapShape): number {
  if (kind === plan.DEQUANTISE) return channels;
  return kind === plan.CONV3X3S2 ? 4 : blocksOf(channels);
}

/** The widest panel of any convolution. */
function panelBytes({ operations, maps }: Program): number {
  const widths = operations.map((operation) =>
    inputBlocks(operation, maps.get(operation.input) as MapShape),
  );
  return Math.max(...widths) * LANES * PANEL_BYTES;
}
