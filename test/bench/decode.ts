/**
 * `npm run bench:decode`: what decoding a JPEG costs, ours beside other decoders, in one run. The
 * pictures: a real photograph enlarged, with seeded noise until it has a phone's bits per pixel.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { PhotonImage } from "@cf-wasm/photon/node";
import jpegFactory from "@jsquash/jpeg/codec/dec/mozjpeg_dec.js";
import sharp from "sharp";
import { preprocess } from "../../model/preprocess.ts";
import { JpegDecoder } from "../../worker/image/jpeg/decoder.ts";
import ours from "../../worker/image/jpeg/jpeg.wasm";
import { choosePlan } from "../../worker/image/scale.ts";
import { median } from "./cpu.ts";
import { type Detailed, drawDetailed } from "./detailed.ts";

const { values } = parseArgs({
  options: {
    megapixels: { type: "string", default: "0.2,1.3,5,12,48" },
    rounds: { type: "string", default: "7" },
    json: { type: "boolean", default: false },
  },
});
const SIDE = preprocess.size;
const packages = createRequire(import.meta.url);
const module = (path: string) => new WebAssembly.Module(readFileSync(packages.resolve(path)));
const modules = {
  jsquash: module("@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm"),
  turbo: module("@cwasm/jpeg-turbo/jpeg-turbo.wasm"),
};

interface Picture extends Detailed {
  /** Eighths that ours decodes at. */
  size: 1 | 2 | 4 | 8;
}
interface Decoder {
  decode(): Promise<void> | void;
  /** WebAssembly memory after a decode, in bytes. */
  memory(): number;
}

async function draw(megapixels: number, progressive: boolean): Promise<Picture> {
  const drawn = await drawDetailed(megapixels, progressive);
  return { ...drawn, size: choosePlan(new JpegDecoder(ours).open(drawn.bytes), SIDE).size };
}

function makeOurs({ bytes }: Picture): Decoder {
  const decoder = new JpegDecoder(ours);
  return {
    decode: () => {
      decoder.square(choosePlan(decoder.open(bytes), SIDE), SIDE, 128_000_000);
    },
    memory: () => decoder.memory,
  };
}

async function makeJsquash({ bytes }: Picture): Promise<Decoder> {
  const codec = await jpegFactory({
    noInitialRun: true,
    instantiateWasm(imports: WebAssembly.Imports, done: (made: WebAssembly.Instance) => void) {
      const instance = new WebAssembly.Instance(modules.jsquash, imports);
      done(instance);
      return instance.exports;
    },
  } as never);
  const made = codec as unknown as {
    decode(b: Uint8Array, f: boolean): unknown;
    HEAPU8: Uint8Array;
  };
  return { decode: () => void made.decode(bytes, false), memory: () => made.HEAPU8.length };
}

/** libjpeg-turbo compiled to WASM, at the scale that ours takes, through its exported tjDecompress2. */
function makeTurbo({ bytes, width, height, size }: Picture): Decoder {
  const none = () => 0;
  const wasi = { environ_sizes_get: none, environ_get: none, proc_exit: none };
  const files = { fd_close: none, fd_seek: none, fd_write: none };
  const instance = new WebAssembly.Instance(modules.turbo, {
    env: { setjmp: none, longjmp: none },
    wasi_snapshot_preview1: { ...wasi, ...files },
  });
  const wasm = instance.exports as Record<string, (...args: number[]) => number> & {
    memory: WebAssembly.Memory;
  };
  const call = (name: string, ...args: number[]) =>
    (wasm[name] as (...a: number[]) => number)(...args);
  return {
    decode: () => {
      const input = call("malloc", bytes.length);
      new Uint8Array(wasm.memory.buffer, input, bytes.length).set(bytes);
      const handle = call("tjInitDecompress");
      const [w, h] = [Math.ceil((width * size) / 8), Math.ceil((height * size) / 8)];
      const output = call("malloc", w * h * 4);
      const RGBA = 7;
      const status = call("tjDecompress2", handle, input, bytes.length, output, w, 0, h, RGBA, 0);
      if (status !== 0) throw new Error("turbo failed");
      call("free", output);
      call("free", input);
      call("tjDestroy", handle);
    },
    memory: () => wasm.memory.buffer.byteLength,
  };
}

function makePhoton({ bytes }: Picture): Decoder {
  return { decode: () => PhotonImage.new_from_byteslice(bytes).free(), memory: () => Number.NaN };
}

/** Native libvips with its own shrink-on-load: for reference. */
function makeSharp({ bytes }: Picture): Decoder {
  sharp.concurrency(1);
  return {
    decode: async () => {
      await sharp(bytes).resize(SIDE, SIDE, { fit: "fill" }).raw().toBuffer();
    },
    memory: () => Number.NaN,
  };
}

const MAKERS = {
  ours: makeOurs,
  jsquash: makeJsquash,
  turbo: makeTurbo,
  photon: makePhoton,
  sharp: makeSharp,
};

/** CPU time of the process for one decode, in ms. */
async function cpu(decoder: Decoder): Promise<number> {
  const before = process.cpuUsage();
  await decoder.decode();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const rows: object[] = [];
for (const megapixels of values.megapixels.split(",").map(Number)) {
  for (const progressive of [false, true]) {
    const picture = await draw(megapixels, progressive);
    const { bytes, width, height, size } = picture;
    const row: Record<string, number | string | boolean> = { megapixels, progressive };
    row.scale = `1/${8 / size}`;
    row.bitsPerPixel = Number(((bytes.length * 8) / (width * height)).toFixed(2));
    row.MB = Number((bytes.length / 1e6).toFixed(2));
    const decoders: [string, Decoder, number[]][] = [];
    for (const [name, make] of Object.entries(MAKERS)) {
      const decoder = await make(picture);
      decoders.push([name, decoder, []]);
      await decoder.decode();
      row[`${name} memory MB`] = Number((decoder.memory() / 1e6).toFixed(2));
      for (let i = 0; i < 2; i++) await decoder.decode();
    }
    for (let i = 0; i < Number(values.rounds); i++) {
      for (const [, decoder, times] of decoders) times.push(await cpu(decoder));
    }
    const own = median(decoders[0]?.[2] ?? []);
    for (const [name, , times] of decoders) {
      row[`${name} ms`] = Number(median(times).toFixed(2));
      row[`${name} / ours`] = Number((median(times) / own).toFixed(2));
    }
    row["ours MB/s"] = Math.round(bytes.length / own / 1000);
    rows.push(row);
    console.log(
      Object.entries(row)
        .map(([key, value]) => `${key} ${value}`)
        .join(", "),
    );
  }
}
if (values.json) console.log(JSON.stringify({ bench: "decode", rows }));
