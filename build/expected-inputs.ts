/**
 * The mean of every layer's input channels, from the batch norms that made them: behind a batch
 * norm a channel has mean beta and deviation gamma, behind ReLU6 the clipped normal's mean.
 */
import { BLOCKS } from "../model/architecture.ts";
import { GROUPS } from "../model/labels.ts";
import { relu6Mean } from "./clipped-normal.ts";
import type { Parameters } from "./import.ts";

type Means = Float64Array;

/** Layer name -> mean per input channel. Layers whose input no batch norm describes are left out. */
export function expectedInputs(parameters: Parameters): Map<string, Means> {
  const linear = (norm: string): Means => Float64Array.from(parameters(`${norm}.bias`));
  const relu6 = (norm: string): Means => {
    const gamma = parameters(`${norm}.weight`);
    return linear(norm).map((beta, c) => relu6Mean(beta, gamma[c] as number));
  };
  const means = new Map<string, Means>();
  const taps = trunkInputs(means, linear, relu6);
  const glem = relu6("glem.conv2.bn");
  const reduced = relu6("glem.reduce.bn");
  means.set("glem.reduce.conv", taps.s16);
  for (const name of ["theta", "phi", "g"]) means.set(`glem.nonlocal_.${name}`, reduced);
  // Attention averages g over positions: its mean is g's.
  means.set("glem.nonlocal_.w", dense(parameters, "glem.nonlocal_.g", reduced));
  means.set("glem.conv1.conv", sum(reduced, linear("glem.nonlocal_.bn")));
  means.set("glem.conv2.conv", relu6("glem.conv1.bn"));
  means.set("decoder.lateral.conv", taps.s8);
  means.set("decoder.conv.conv", concat(glem, relu6("decoder.lateral.bn")));
  means.set("decoder.out", relu6("decoder.conv.bn"));
  means.set("join.conv", concat(taps.s32, glem));
  const pooled = relu6("join.bn");
  for (const head of ["category", ...GROUPS.map((g) => `attributes.${g}`)]) means.set(head, pooled);
  return means;
}

function trunkInputs(
  means: Map<string, Means>,
  linear: (norm: string) => Means,
  relu6: (norm: string) => Means,
): Record<"s8" | "s16" | "s32", Means> {
  const taps: Partial<Record<"s8" | "s16" | "s32", Means>> = {};
  let x = relu6("trunk._bn0");
  for (const { path, expands, residual, tap } of BLOCKS) {
    if (expands) means.set(`${path}._expand_conv`, x);
    means.set(`${path}._depthwise_conv`, expands ? relu6(`${path}._bn0`) : x);
    means.set(`${path}._project_conv`, relu6(`${path}._bn1`));
    const out = linear(`${path}._bn2`);
    x = residual ? sum(x, out) : out;
    if (tap !== null) taps[tap] = x;
  }
  return taps as Record<"s8" | "s16" | "s32", Means>;
}

const sum = (a: Means, b: Means): Means => a.map((value, i) => value + (b[i] as number));
const concat = (a: Means, b: Means): Means => Float64Array.from([...a, ...b]);

/** The mean behind a 1x1 convolution with a bias. */
function dense(parameters: Parameters, name: string, inputs: Means): Means {
  const weight = parameters(`${name}.weight`);
  return Float64Array.from(parameters(`${name}.bias`), (bias, out) =>
    inputs.reduce((acc, x, i) => acc + x * (weight[out * inputs.length + i] as number), bias),
  );
}
