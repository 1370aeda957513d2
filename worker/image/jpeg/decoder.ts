import type { Pixels } from "../pixels.ts";
import { failure } from "./errors.ts";

/** Eighths of the full size that a picture can be decoded at. */
export const SIZES = [1, 2, 4, 8] as const;
export type Size = (typeof SIZES)[number];

/** What `assembly/index.ts` exports. */
interface Exports {
  memory: WebAssembly.Memory;
  open(): number;
  pictureWidth(): number;
  pictureHeight(): number;
  plan(size: Size): number;
  scaledWidth(): number;
  scaledHeight(): number;
  decode(side: number, limit: number): number;
  squareAddress(): number;
  openPixels(side: number, width: number, height: number, rows: number, limit: number): number;
  stripAddress(): number;
  addPixels(rows: number): void;
}

/** Rows of other decoders' pixels come over in strips of about so many bytes. */
const STRIP_BYTES = 1 << 18;
const COLLECT_BYTES = 1 << 24;

export interface Collector {
  add(rows: Uint8Array | Uint8ClampedArray): void;
  take(): Uint8Array<ArrayBuffer>;
}

/** How a picture is decoded at a scale, known from its headers. */
export interface Plan {
  size: Size;
  width: number;
  height: number;
  /** WebAssembly memory, in bytes, on top of the module's own. */
  bytes: number;
}

/**
 * One instance of the JPEG decoder. It reads the file as it needs it and hands rows on, so its
 * memory depends on a row's length, and for progressive files on the coefficients of the scale.
 *
 * All methods throw `HemlineError` for files that cannot be decoded; after a
 * `WebAssembly.RuntimeError` the instance must not be used again.
 */
export class JpegDecoder {
  readonly #wasm: Exports;
  #file: Uint8Array = new Uint8Array();
  #offset = 0;
  #row: (pixels: number, y: number) => void = () => undefined;

  constructor(module: WebAssembly.Module) {
    const host = {
      read: (to: number, room: number) => this.#read(to, room),
      row: (pixels: number, y: number) => this.#row(pixels, y),
    };
    this.#wasm = new WebAssembly.Instance(module, { host }).exports as unknown as Exports;
  }

  /** Bytes of WebAssembly memory; it never shrinks. */
  get memory(): number {
    return this.#wasm.memory.buffer.byteLength;
  }

  /** Reads the headers. The plan for every scale; the calls below take one of these. */
  open(file: Uint8Array): Record<Size, Plan> {
    this.#file = file;
    this.#offset = 0;
    try {
      this.#check(this.#wasm.open());
    } catch (error) {
      this.close();
      throw error;
    }
    return { 1: this.#plan(1), 2: this.#plan(2), 4: this.#plan(4), 8: this.#plan(8) };
  }

  /** The picture squashed to side * side RGB pixels by area averaging. `limit`: memory in bytes. */
  square(plan: Plan, side: number, limit: number): Uint8Array<ArrayBuffer> {
    this.#decode(plan, side, limit);
    return this.#takeSquare(side);
  }

  /**
   * The same of pixels that another decoder makes, `width` * `height` RGBA: `add` takes whole rows
   * from the top, alpha is composited over white, `take` gives the square.
   */
  collect(side: number, width: number, height: number): Collector {
    const { openPixels, stripAddress, addPixels, memory } = this.#wasm;
    const rowBytes = width * 4;
    const room = Math.max(1, Math.min(height, Math.floor(STRIP_BYTES / rowBytes))) * rowBytes;
    this.#check(openPixels(side, width, height, room / rowBytes, COLLECT_BYTES));
    return {
      add: (rows) => {
        for (let at = 0; at < rows.length; at += room) {
          const strip = rows.subarray(at, at + room);
          new Uint8Array(memory.buffer, stripAddress(), strip.length).set(strip);
          addPixels(strip.length / rowBytes);
        }
      },
      take: () => this.#takeSquare(side),
    };
  }

  #takeSquare(side: number): Uint8Array<ArrayBuffer> {
    const { memory, squareAddress } = this.#wasm;
    return new Uint8Array(memory.buffer, squareAddress(), side * side * 3).slice();
  }

  /** The picture's pixels, RGB. */
  pixels(plan: Plan, limit: number): Pixels {
    const { width, height } = plan;
    const data = new Uint8Array(width * height * 3);
    let to = 0;
    this.#row = (pixels) => {
      const row = new Uint8Array(this.#wasm.memory.buffer, pixels, width * 4);
      for (let from = 0; from < row.length; from += 4, to += 3) {
        data[to] = row[from] as number;
        data[to + 1] = row[from + 1] as number;
        data[to + 2] = row[from + 2] as number;
      }
    };
    this.#decode(plan, 0, limit);
    return { data, width, height, channels: 3 };
  }

  /** Lets go of the file. */
  close(): void {
    this.#file = new Uint8Array();
  }

  #plan(size: Size): Plan {
    const bytes = this.#wasm.plan(size);
    return { size, width: this.#wasm.scaledWidth(), height: this.#wasm.scaledHeight(), bytes };
  }

  #decode(plan: Plan, side: number, limit: number): void {
    try {
      this.#wasm.plan(plan.size);
      this.#check(this.#wasm.decode(side, limit));
    } finally {
      this.close();
    }
  }

  #check(status: number): void {
    if (status !== 0) throw failure(status);
  }

  #read(to: number, room: number): number {
    const bytes = this.#file.subarray(this.#offset, this.#offset + room);
    new Uint8Array(this.#wasm.memory.buffer, to, bytes.length).set(bytes);
    this.#offset += bytes.length;
    return bytes.length;
  }
}
