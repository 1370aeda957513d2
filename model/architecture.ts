/**
 * The student's layers, by the names that the checkpoint gives them
 * (`training/networks/student.py`): what the build expects to find and the forward pass asks for.
 */
import { dimensions } from "./dimensions.ts";
import { GROUPS, type Labels } from "./labels.ts";
import { type Layer, layer } from "./layer.ts";
import { trunk } from "./trunk.ts";

/** The trunk's layers, which the int8 engine runs. */
export const trunkLayers: readonly Layer[] = trunk.steps.map((step) => step.layer);

/** The layers behind the trunk, which tfjs runs, in the order of the forward pass. */
export function restLayers(labels: Labels): Layer[] {
  const { s8, s16 } = trunk.taps;
  const { glem, embed, lateral, decoder, context, local, head } = dimensions;
  const marks = labels.landmarks.length;
  const joined = head + context + local;
  return [
    convBlock("glem.reduce", s16.channels, glem),
    layer("conv", "glem.nonlocal_.theta", 1, glem, embed),
    layer("conv", "glem.nonlocal_.phi", 1, glem, embed),
    layer("conv", "glem.nonlocal_.g", 1, glem, embed),
    layer("conv", "glem.nonlocal_.w", 1, embed, glem, "glem.nonlocal_.bn"),
    ...separable("glem.conv1", glem, glem),
    ...separable("glem.conv2", glem, glem),
    convBlock("decoder.squeeze", glem, lateral),
    convBlock("decoder.lateral", s8.channels, lateral),
    ...separable("decoder.conv", 2 * lateral, decoder),
    layer("conv", "decoder.out", 1, decoder, marks),
    layer("dense", "presence", 1, glem + marks, marks),
    convBlock("context", glem, context),
    layer("dense", "local", 1, marks * s16.channels, local),
    layer("dense", "category", 1, joined, labels.category.length),
    ...GROUPS.map((group) =>
      layer("dense", `attributes.${group}`, 1, joined, labels.attributes[group].length),
    ),
  ];
}

/** Every layer of a student with these labels. */
export const layersOf = (labels: Labels): Layer[] => [...trunkLayers, ...restLayers(labels)];

function convBlock(path: string, inputs: number, outputs: number): Layer {
  return layer("conv", `${path}.conv`, 1, inputs, outputs, `${path}.bn`);
}

/** Depthwise 3x3, then 1x1. */
function separable(path: string, inputs: number, outputs: number): Layer[] {
  return [
    layer("depthwise", `${path}.depthwise`, 3, inputs, inputs, `${path}.bn0`),
    layer("conv", `${path}.pointwise`, 1, inputs, outputs, `${path}.bn1`),
  ];
}
