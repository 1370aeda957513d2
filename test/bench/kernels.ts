/**
 * `npm run bench:kernels`: GMAC/s of every convolution of the trunk, ours in int8 and tfjs's in
 * float32, on its real shape, against what the machine's dot instruction does without memory.
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import * as tf from "@tensorflow/tfjs-core";
import { kernelsModule } from "../../build/kernels.ts";
import { type Binding, Kernels } from "../../model/kernels/bind.ts";
import type { Operation } from "../../model/kernels/program.ts";
import { weightShape } from "../../model/layer.ts";
import { type Step, trunk } from "../../model/trunk.ts";
import { startNode } from "../../worker/hosts/node/start-backend.ts";
import { alternate, type Contender } from "./alternate.ts";
import { shipped } from "./artefact.ts";
import { median } from "./cpu.ts";
import { dotPeak } from "./peak/measure.ts";

const HELP = `npm run bench:kernels -- [options]

One thread, contenders alternating in one run; of a round the fastest run, of the rounds the median.

  --rounds N   at least 15 for numbers to be quoted (15)
  --slice MS   each contender's share of a round (15)
  --json       the result as one JSON object on the last line
  --help`;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "15" },
    slice: { type: "string", default: "15" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

interface Row {
  shape: string;
  /** How many layers of the trunk have it, and what they multiply in all. */
  layers: number;
  mmacs: number;
  gmacs: number;
  tfjs: number;
  ratio: number;
  of_peak: number;
}

async function main(): Promise<void> {
  if (values.help) return console.log(HELP);
  startNode();
  const options = { rounds: Number(values.rounds), slice: Number(values.slice) };
  const { binding } = shipped();
  const peak = await dotPeak(2e6);
  const rows: Row[] = [];
  const peaks: number[] = [];
  for (const { operation, step, layers } of shapes(binding)) {
    const macs = macsOf(binding, operation);
    const contenders = [
      { name: "peak", run: peak.run },
      ours(binding, operation),
      tfjs(binding, operation, step),
    ];
    const times = await alternate(contenders, options);
    const rate = (name: string, of: number): number =>
      of / (times.get(name)?.fastest ?? Number.NaN) / 1e6;
    peaks.push(rate("peak", peak.macs));
    const [int8, float] = [rate("int8", macs), rate("tfjs", macs)];
    rows.push({
      ...{ shape: nameOf(binding, operation), layers, mmacs: (layers * macs) / 1e6 },
      ...{ gmacs: int8, tfjs: float, ratio: int8 / float },
      of_peak: int8 / rate("peak", peak.macs),
    });
  }
  report(rows, median(peaks));
}

/** Each different convolution once. */
function shapes(binding: Binding): { operation: Operation; step: Step; layers: number }[] {
  const found = new Map<string, { operation: Operation; step: Step; layers: number }>();
  for (const operation of binding.program.operations) {
    const step = trunk.steps.find(({ name }) => name === operation.output);
    if (operation.layer === null || step === undefined) continue;
    const name = nameOf(binding, operation);
    const same = found.get(name);
    if (same) same.layers++;
    else found.set(name, { operation, step, layers: 1 });
  }
  return [...found.values()];
}

function nameOf({ program }: Binding, { layer, input, output, residual }: Operation): string {
  const [from, to] = [program.maps.get(input), program.maps.get(output)];
  const kind = layer?.kind === "depthwise" ? "dwconv" : "conv";
  const stride = (from?.width ?? 0) / (to?.width ?? 1);
  return (
    `${kind}${layer?.kernel}x${layer?.kernel}s${stride} ` +
    `${layer?.inputs}->${layer?.outputs} ${to?.height}x${to?.width}${residual ? " +" : ""}`
  );
}

function macsOf({ program }: Binding, { layer, output }: Operation): number {
  const { height = 0, width = 0 } = program.maps.get(output) ?? {};
  if (layer === null) return 0;
  const inputs = layer.kind === "depthwise" ? 1 : layer.inputs;
  return layer.kernel ** 2 * inputs * layer.outputs * height * width;
}

/** The operation alone, on the shipped weights. */
function ours(binding: Binding, operation: Operation): Contender {
  const program = { ...binding.program, operations: [operation] };
  const kernels = new Kernels(kernelsModule(), { ...binding, program });
  return { name: "int8", run: () => kernels.run() };
}

/** tfjs's fused convolution of the same shape, the residual added behind it. */
function tfjs({ program }: Binding, { input, output, residual }: Operation, step: Step): Contender {
  const map = (name: string): tf.Tensor4D => {
    const { height = 1, width = 1, channels = 1 } = program.maps.get(name) ?? {};
    return tf.randomUniform<tf.Rank.R4>([1, height, width, channels]);
  };
  const { layer, stride: strides, relu6 } = step;
  const x = map(input);
  const added = residual === null ? null : map(output);
  const filter = tf.randomUniform<tf.Rank.R4>(
    weightShape(layer) as [number, number, number, number],
  );
  const bias = tf.randomUniform<tf.Rank.R1>([layer.outputs]);
  const activation = relu6 ? "relu6" : "linear";
  const convolution = { x, filter, bias, strides, pad: "same", activation } as const;
  const depthwise = layer.kind === "depthwise";
  const run = (): void => {
    const y = depthwise ? tf.fused.depthwiseConv2d(convolution) : tf.fused.conv2d(convolution);
    if (added !== null) tf.dispose(tf.add(y, added));
    y.dispose();
  };
  return { name: "tfjs", run };
}

function report(rows: readonly Row[], peak: number): void {
  const tidy = (value: number): number => Math.round(value * 100) / 100;
  console.table(
    rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([key, v]) => [key, typeof v === "number" ? tidy(v) : v]),
      ),
    ),
  );
  /** Rates over all multiply-accumulates of these rows. */
  const total = (of: readonly Row[], rate: "gmacs" | "tfjs"): number => {
    const macs = of.reduce((sum, row) => sum + row.mmacs, 0);
    return macs / of.reduce((sum, row) => sum + row.mmacs / row[rate], 0);
  };
  const share = (of: readonly Row[]): number =>
    of.reduce((sum, row) => sum + row.mmacs, 0) /
    of.reduce((sum, row) => sum + row.mmacs / row.of_peak, 0);
  const summary = ["conv1x1", "conv3x3", "dwconv", ""].map((kind) => {
    const of = rows.filter(({ shape }) => shape.startsWith(kind));
    const [gmacs, float] = [total(of, "gmacs"), total(of, "tfjs")];
    return {
      ...{ kind: kind || "all", gmacs: tidy(gmacs), tfjs: tidy(float) },
      ...{ ratio: tidy(gmacs / float), of_peak: tidy(share(of)) },
    };
  });
  console.table(summary);
  console.log(`peak of the dot instruction: ${tidy(peak)} GMAC/s`);
  if (!values.json) return;
  const machine = { node: process.version, cpu: cpus()[0]?.model, cpus: cpus().length };
  console.log(JSON.stringify({ bench: "kernels", ...machine, ...values, peak, rows, summary }));
}

await main();
