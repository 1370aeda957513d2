/**
 * `npm run bench:sizes`: what the int8 trunk costs by input size, width and depth, before anybody trains it:
 * time does not depend on the weights' values. One thread, all variants alternating in one run.
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { kernelsModule } from "../../build/kernels.ts";
import { dimensions } from "../../model/dimensions.ts";
import { planArena } from "../../model/kernels/arena.ts";
import { type Image, Kernels, type PackedLayer } from "../../model/kernels/bind.ts";
import { blocksOf, LANES } from "../../model/kernels/map.ts";
import { packedBytes } from "../../model/kernels/pack.ts";
import { trunkProgram } from "../../model/kernels/program.ts";
import { type Trunk, trunkOf } from "../../model/trunk.ts";
import { alternate } from "./alternate.ts";

const HELP = `npm run bench:sizes -- [options]

CPU time, medians.

  --sizes LIST   of the picture, multiples of 32 (128,160,192,224)
  --widths LIST  of the trunk (0.5,0.75,1)
  --depths LIST  blocks of each stage (1-2-2-3-3-4-1: the published ones; 1-2-1-2-2-3-1)
  --rounds N     (15)
  --slice MS     each variant's share of a round (100)
  --json         the result as one JSON object on the last line
  --help`;

const { values } = parseArgs({
  options: {
    sizes: { type: "string", default: "128,160,192,224" },
    widths: { type: "string", default: "0.5,0.75,1" },
    depths: { type: "string", default: "1-2-2-3-3-4-1,1-2-1-2-2-3-1" },
    rounds: { type: "string", default: "15" },
    slice: { type: "string", default: "100" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

interface Variant {
  name: string;
  size: number;
  width: number;
  depth: string;
  mmacs: number;
  kilobytes: number;
  run(): void;
}

async function main(): Promise<void> {
  if (values.help) return console.log(HELP);
  const numbers = (list: string): number[] => list.split(",").map(Number);
  const variants = values.depths
    .split(",")
    .flatMap((depth) =>
      numbers(values.widths).flatMap((width) =>
        numbers(values.sizes).map((size) => variant(size, width, depth)),
      ),
    );
  const options = { rounds: Number(values.rounds), slice: Number(values.slice) };
  const times = await alternate(variants, options);
  const rows = variants.map(({ name, size, width, depth, mmacs, kilobytes }) => {
    const ms = Math.round((times.get(name)?.cpu ?? Number.NaN) * 100) / 100;
    return { size, width, depth, mmacs: Math.round(mmacs * 10) / 10, weights_kb: kilobytes, ms };
  });
  console.table(rows);
  if (!values.json) return;
  const machine = { node: process.version, cpu: cpus()[0]?.model, cpus: cpus().length };
  console.log(JSON.stringify({ bench: "sizes", ...machine, ...values, rows }));
}

function variant(size: number, width: number, depth: string): Variant {
  const trunk = trunkOf({ ...dimensions, width, repeats: depth.split("-").map(Number) });
  const program = trunkProgram(trunk, size);
  const image = emptyImage(trunk);
  const kernels = new Kernels(kernelsModule(), {
    program,
    arena: planArena(program),
    quantisation: new Map(
      [...program.maps.keys()].map((name) => [name, { scale: 1, zeroPoint: 0 }]),
    ),
    image,
  });
  const macs = trunk.steps.reduce((sum, { name, layer }) => {
    const { height = 0, width: columns = 0 } = program.maps.get(name) ?? {};
    const inputs = layer.kind === "depthwise" ? 1 : layer.inputs;
    return sum + layer.kernel ** 2 * inputs * layer.outputs * height * columns;
  }, 0);
  return {
    ...{ name: `${size} ${width} ${depth}`, size, width, depth, mmacs: macs / 1e6 },
    kilobytes: Math.round(image.bytes.length / 1000),
    run: () => kernels.run(),
  };
}

/** Room for every layer's weights, all zero. */
function emptyImage({ steps }: Trunk): Image {
  const layers = new Map<string, PackedLayer>();
  let end = 0;
  const reserve = (bytes: number): number => {
    end += Math.ceil(bytes / 16) * 16;
    return end - Math.ceil(bytes / 16) * 16;
  };
  for (const { layer } of steps) {
    const vector = 4 * blocksOf(layer.outputs) * LANES;
    layers.set(layer.name, {
      weights: reserve(packedBytes(layer)),
      bias: reserve(vector),
      multipliers: reserve(vector),
    });
  }
  return { bytes: new Uint8Array(end), layers };
}

await main();
