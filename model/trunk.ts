/**
 * The trunk, described once: EfficientNet-Lite's blocks as a list of steps, one for every activation
 * that is quantised (`training/int8/steps.py`). The float engine walks it with tfjs, the int8 engine
 * makes its plan of it, the build its weights.
 */
import { type Dimensions, dimensions } from "./dimensions.ts";
import { type Layer, layer } from "./layer.ts";

/** Convolution, batch norm folded in, then ReLU6, or the residual's sum, or nothing. */
export interface Step {
  /** Name of the activation: `stem`, `<n>.expand`, `<n>.depthwise`, `<n>.out` (block n), `head`. */
  name: string;
  layer: Layer;
  stride: 1 | 2;
  relu6: boolean;
  /** The activation that it reads. */
  source: string;
  /** The activation that it adds. */
  residual: string | null;
}

/** The picture. */
export const INPUT = "input";

interface Stage {
  kernel: number;
  /** Of the first block; the others have 1. */
  stride: 1 | 2;
  expand: number;
  channels: number;
}

/** Lite0, before the width multiplier. */
const STAGES: readonly Stage[] = [
  { kernel: 3, stride: 1, expand: 1, channels: 16 },
  { kernel: 3, stride: 2, expand: 6, channels: 24 },
  { kernel: 5, stride: 2, expand: 6, channels: 40 },
  { kernel: 3, stride: 2, expand: 6, channels: 80 },
  { kernel: 5, stride: 1, expand: 6, channels: 112 },
  { kernel: 5, stride: 2, expand: 6, channels: 192 },
  { kernel: 3, stride: 1, expand: 6, channels: 320 },
];

/** Width of the published networks; how deep a student is, its dimensions say. */
const WIDTHS: Readonly<Record<string, number>> = {
  efficientnet_lite0: 1,
  efficientnet_lite1: 1,
  efficientnet_lite2: 1.1,
};

const STEM_CHANNELS = 32;

/** The activations that leave the trunk, and their channels. */
export interface Taps {
  /** Stride 8, end of stage 3; stride 16, end of stage 5; the head at stride 32. */
  s8: { name: string; channels: number };
  s16: { name: string; channels: number };
  head: { name: string; channels: number };
}

export interface Trunk {
  steps: readonly Step[];
  taps: Taps;
}

export const trunk: Trunk = trunkOf(dimensions);

/** Throws `RangeError` for a trunk that is not published, and for a stage without a block. */
export function trunkOf({ trunk: name, width: scale, repeats, head }: Dimensions): Trunk {
  const width = WIDTHS[name];
  if (width === undefined) throw new RangeError(`no trunk "${name}"`);
  if (repeats.length !== STAGES.length || repeats.some((blocks) => blocks < 1)) {
    throw new RangeError(`${STAGES.length} stages have blocks, not ${repeats}`);
  }
  const stem = layer("conv", "trunk._conv_stem", 3, 3, STEM_CHANNELS, "trunk._bn0");
  const steps: Step[] = [
    { name: "stem", layer: stem, stride: 2, relu6: true, source: INPUT, residual: null },
  ];
  const ends: Taps["s8"][] = [];
  let inputs = STEM_CHANNELS;
  let block = 0;
  for (const [i, stage] of STAGES.entries()) {
    const outputs = roundChannels(stage.channels, width * scale);
    for (let k = 0; k < (repeats[i] ?? 0); k++) {
      const stride = k === 0 ? stage.stride : 1;
      steps.push(
        ...invertedResidual(block++, steps.at(-1)?.name ?? INPUT, stage, stride, inputs, outputs),
      );
      inputs = outputs;
    }
    ends.push({ name: steps.at(-1)?.name ?? INPUT, channels: outputs });
  }
  const last = layer("conv", "trunk._conv_head", 1, inputs, head, "trunk._bn1");
  const source = steps.at(-1)?.name ?? INPUT;
  steps.push({ name: "head", layer: last, stride: 1, relu6: true, source, residual: null });
  const [s8, s16] = [ends[2], ends[4]] as [Taps["s8"], Taps["s8"]];
  return { steps, taps: { s8, s16, head: { name: "head", channels: head } } };
}

/** Expand 1x1 -> depthwise -> project 1x1 (linear), plus the input where shapes allow. */
function invertedResidual(
  block: number,
  input: string,
  { kernel, expand }: Stage,
  stride: 1 | 2,
  inputs: number,
  outputs: number,
): Step[] {
  const path = `trunk._blocks.${block}`;
  const hidden = inputs * expand;
  const wide = expand === 1 ? input : `${block}.expand`;
  const deep = `${block}.depthwise`;
  const one = { stride: 1, residual: null } as const;
  const steps: Step[] = [
    {
      ...{ name: deep, stride, relu6: true, source: wide, residual: null },
      layer: layer("depthwise", `${path}._depthwise_conv`, kernel, hidden, hidden, `${path}._bn1`),
    },
    {
      ...{ name: `${block}.out`, stride: 1, relu6: false, source: deep },
      layer: layer("conv", `${path}._project_conv`, 1, hidden, outputs, `${path}._bn2`),
      residual: stride === 1 && inputs === outputs ? input : null,
    },
  ];
  if (expand === 1) return steps;
  const expanding = layer("conv", `${path}._expand_conv`, 1, inputs, hidden, `${path}._bn0`);
  return [{ ...one, name: wide, layer: expanding, relu6: true, source: input }, ...steps];
}

/** Scaled, to a multiple of 8, never down by more than 10 % (EfficientNet's `round_filters`). */
function roundChannels(channels: number, width: number): number {
  if (width === 1) return channels;
  const scaled = channels * width;
  const rounded = Math.max(8, Math.floor(Math.floor(scaled + 4) / 8) * 8);
  return rounded < 0.9 * scaled ? rounded + 8 : rounded;
}
