import type { Image, PackedLayer } from "../model/kernels/bind.ts";
import { blocksOf, LANES, type Quantisation } from "../model/kernels/map.ts";
import { pack } from "../model/kernels/pack.ts";
import { INPUT, type Trunk } from "../model/trunk.ts";
import type { FloatLayer } from "../model/weights.ts";
import {
  INPUT_QUANTISATION,
  type IntegerConv,
  integerConv,
  quantisationOf,
} from "./integer-conv.ts";
import { Sections } from "./sections.ts";

export interface IntegerTrunk {
  convs: IntegerConv[];
  /** By activation. */
  quantisation: Map<string, Quantisation>;
  image: Image;
}

/** Low and high of an activation, as the checkpoint has them. */
export type Ranges = (activation: string) => readonly [low: number, high: number];

/** `folded`: the layer of each step. Throws `BuildError`. */
export function integerTrunk(
  { steps }: Trunk,
  folded: readonly FloatLayer[],
  ranges: Ranges,
): IntegerTrunk {
  const quantisation = new Map([[INPUT, INPUT_QUANTISATION]]);
  for (const { name, relu6 } of steps) {
    quantisation.set(name, quantisationOf(name, ...ranges(name), relu6));
  }
  const of = (name: string): Quantisation => quantisation.get(name) as Quantisation;
  const convs = steps.map(({ name, source, residual }, i) =>
    integerConv(
      folded[i] as FloatLayer,
      of(source),
      of(name),
      residual === null ? null : of(residual),
    ),
  );
  return { convs, quantisation, image: imageOf(steps, convs) };
}

/** Everything that the kernels read, in one piece: it is copied into their memory as it is. */
function imageOf(steps: Trunk["steps"], convs: readonly IntegerConv[]): Image {
  const sections = new Sections();
  const layers = new Map<string, PackedLayer>();
  for (const [i, { layer }] of steps.entries()) {
    const { kernel, bias, multipliers } = convs[i] as IntegerConv;
    const channels = blocksOf(layer.outputs) * LANES;
    const [biases, factors] = [new Int32Array(channels), new Float32Array(channels)];
    biases.set(bias);
    factors.set(multipliers);
    layers.set(layer.name, {
      weights: sections.place(pack(layer, kernel)),
      bias: sections.place(biases),
      multipliers: sections.place(factors),
    });
  }
  return { bytes: sections.bytes(), layers };
}
