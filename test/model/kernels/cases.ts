import type { Case } from "./run.ts";

const conv1x1 = { kind: "conv", kernel: 1, stride: 1 } as const;
const stem = { kind: "conv", kernel: 3, stride: 2, inputs: 3 } as const;

/** Tails of input and output channels, 1..17, and pixels that make every tile size. */
const tails: Case[] = Array.from({ length: 17 }, (_, i) => [
  { ...conv1x1, inputs: i + 1, outputs: 17 - i, height: 1, width: i + 1, seed: i },
  { ...conv1x1, inputs: 17 - i, outputs: i + 1, height: 3, width: 5, residual: true, seed: i },
  { ...stem, outputs: i + 1, height: 6, width: 4 + 2 * i, seed: i },
]).flat();

const depthwise: Case[] = ([3, 5] as const).flatMap((kernel) =>
  ([1, 2] as const).flatMap((stride) =>
    Array.from({ length: 17 }, (_, i) => ({
      ...({ kind: "depthwise", kernel, stride, inputs: i + 1, outputs: i + 1, seed: i } as const),
      height: (i % 7) + 1,
      width: 17 - i,
    })),
  ),
);

/** Shapes as the trunk has them, saturation, and scales far from any sensible one. */
const limits: Case[] = [
  { ...conv1x1, inputs: 96, outputs: 24, height: 9, width: 7 },
  { ...conv1x1, inputs: 40, outputs: 40, height: 10, width: 10, residual: true },
  { ...conv1x1, inputs: 512, outputs: 16, height: 5, width: 5, extreme: true },
  ...[0, 1e-6, 0.4, 3000, 1e6].flatMap((spread, seed): Case[] => [
    { ...conv1x1, inputs: 24, outputs: 16, height: 4, width: 9, spread, seed },
    { ...conv1x1, inputs: 9, outputs: 16, height: 4, width: 9, spread, seed, residual: true },
    { ...stem, outputs: 32, height: 8, width: 8, spread, seed },
    {
      ...{ kind: "depthwise", kernel: 5, stride: 1, inputs: 16, outputs: 16 },
      ...{ height: 6, width: 6, spread, seed },
    },
    {
      ...{ kind: "depthwise", kernel: 3, stride: 2, inputs: 16, outputs: 16 },
      ...{ height: 6, width: 6, spread, seed, extreme: true },
    },
  ]),
];

export const cases: readonly Case[] = [...tails, ...depthwise, ...limits];
