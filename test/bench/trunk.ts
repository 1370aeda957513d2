/**
 * `npm run bench:trunk`: one picture through the same trunk, of the same int8 weights: our int8
 * kernels, tfjs float32, onnxruntime-web float32 and int8, one thread each; then ours on two.
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import * as tf from "@tensorflow/tfjs-core";
import { committed, kernelsModule } from "../../build/kernels.ts";
import { Computation } from "../../model/floats.ts";
import { Kernels } from "../../model/kernels/bind.ts";
import { POOLED, SQUARE } from "../../model/kernels/program.ts";
import { startThreads } from "../../model/kernels/threads/start.ts";
import { loadEngine } from "../../model/load.ts";
import { forward, type TrunkMaps } from "../../model/network.ts";
import { preprocess } from "../../model/preprocess.ts";
import { spawnNode } from "../../worker/hosts/node/kernel-threads.ts";
import { startNode } from "../../worker/hosts/node/start-backend.ts";
import { alternate, type Contender } from "./alternate.ts";
import { shipped } from "./artefact.ts";
import { onnxTrunks } from "./onnx/sessions.ts";

const HELP = `npm run bench:trunk -- [options]

CPU time of one thread, contenders alternating in one run, medians. Two threads are compared by the
fastest runs' wall time: they show what they gain only where two cores are idle.

  --rounds N   at least 15 for numbers to be quoted (15)
  --slice MS   each contender's share of a round (150)
  --no-onnx    without onnxruntime-web (the first time it is installed in .cache)
  --json       the result as one JSON object on the last line
  --help`;

const { values } = parseArgs({
  allowNegative: true,
  options: {
    rounds: { type: "string", default: "15" },
    slice: { type: "string", default: "150" },
    onnx: { type: "boolean", default: true },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

async function main(): Promise<void> {
  if (values.help) return console.log(HELP);
  startNode();
  const artefact = shipped();
  const square = Uint8Array.from({ length: preprocess.size ** 2 * 3 }, (_, i) => (i * 7919) % 251);
  const one = new Kernels(kernelsModule(), artefact.binding);
  const shared = new WebAssembly.Module(new Uint8Array(committed("kernels-threads.wasm")));
  const two = await startThreads(shared, artefact.binding, 2, spawnNode);
  const run = (kernels: Kernels) => (): void => {
    kernels.bytes(SQUARE).set(square);
    kernels.run();
  };
  const { onnx, pooled } = values.onnx
    ? await onnxContenders(square)
    : { onnx: [], pooled: undefined };
  run(one)();
  if (pooled !== undefined) say("onnxruntime-web float32", pooled, one.floats(POOLED));
  const options = { rounds: Number(values.rounds), slice: Number(values.slice) };
  const singles = [{ name: "int8", run: run(one) }, ...tfjsContenders(square), ...onnx];
  const times = await alternate(singles, options);
  const pair = await alternate(
    [
      { name: "int8, one thread", run: run(one) },
      { name: "int8, two threads", run: run(two) },
    ],
    options,
  );
  two.stop();
  report(times, pair);

  async function onnxContenders(picture: Uint8Array) {
    const { float32, int8 } = await onnxTrunks(artefact, picture);
    const contenders: Contender[] = [
      { name: "onnxruntime-web float32", run: async () => void (await float32.run()) },
      { name: "onnxruntime-web int8", run: async () => void (await int8.run()) },
    ];
    return { onnx: contenders, pooled: await float32.run() };
  }

  function tfjsContenders(picture: Uint8Array): Contender[] {
    const { manifest, weights } = artefact;
    const parts = { manifest, weights, kernels: one };
    const [int8, float] = [loadEngine(parts), loadEngine({ ...parts, engine: "float32" })];
    const maps = int8.trunk(picture, false);
    const dispose = (tensors: object): void => tf.dispose(tensors as TrunkMaps);
    return [
      { name: "int8 in tfjs", run: () => dispose(int8.trunk(picture, false)) },
      { name: "tfjs float32", run: () => dispose(float.trunk(picture, false)) },
      {
        name: "behind the trunk",
        run: () => {
          const net = new Computation(int8.weights);
          forward(net, maps);
          net.dispose();
        },
      },
    ];
  }
}

/** That it is the same network: how far the pooled features lie apart. */
function say(name: string, a: Float32Array, b: Float32Array): void {
  const sum = a.reduce((total, value, i) => total + Math.abs(value - (b[i] as number)), 0);
  console.log(`pooled features, ${name} and ours: ${(sum / a.length).toFixed(4)} apart on average`);
}

type Times = Awaited<ReturnType<typeof alternate>>;

function report(times: Times, pair: Times): void {
  const tidy = (value: number): number => Math.round(value * 100) / 100;
  const ours = times.get("int8")?.cpu ?? Number.NaN;
  const rows = [...times].map(([name, { cpu }]) => ({
    ...{ name, cpu_ms: tidy(cpu), ratio: tidy(cpu / ours) },
  }));
  console.table(rows);
  const [first = Number.NaN, second = Number.NaN] = [...pair.values()].map((of) => of.fastest);
  const speedup = tidy(first / second);
  console.log(
    `two threads: ${tidy(second)} ms, ${speedup} times as fast as one (${tidy(first)} ms)`,
  );
  if (!values.json) return;
  const machine = { node: process.version, cpu: cpus()[0]?.model, cpus: cpus().length };
  const size = preprocess.size;
  console.log(JSON.stringify({ bench: "trunk", size, ...machine, ...values, rows, speedup }));
}

await main();
