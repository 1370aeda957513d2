/**
 * The student's layers, by the names that the checkpoint gives them
 * (`training/networks/student.py`): what the build expects to find and the forward pass asks for.
 */
import { GROUPS, type Labels } from "./labels.ts";

/**
 * - `conv`: kernel x kernel over all input channels, stored HWIO `[k,k,inputs,outputs]`
 * - `depthwise`: one kernel per channel, stored `[k,k,channels,1]`
 * - `dense`: stored `[inputs,outputs]`
 */
export type LayerKind = "conv" | "depthwise" | "dense";

export interface Layer {
  /** Module path of the convolution or linear layer in the checkpoint. */
  name: string;
  kind: LayerKind;
  kernel: number;
  inputs: number;
  outputs: number;
  /** Module path of the batch norm that follows and is folded in; null: the layer has a bias. */
  norm: string | null;
}

/** An inverted residual: expand 1x1 -> depthwise -> project 1x1, plus the input where shapes allow. */
export interface Block {
  path: string;
  kernel: number;
  stride: number;
  inputs: number;
  hidden: number;
  outputs: number;
  expands: boolean;
  residual: boolean;
  /** The map after this block feeds a branch: at stride 8, 16 or 32. */
  tap: "s8" | "s16" | "s32" | null;
}

const STEM_CHANNELS = 32;
const GLEM_CHANNELS = 128;
const EMBED_CHANNELS = 64;
const LATERAL_CHANNELS = 32;
const DECODER_CHANNELS = 64;
const JOIN_CHANNELS = 1280;

/** EfficientNet-Lite0: kernel, stride of the first block, expansion, channels, blocks, tap. */
const STAGES = [
  [3, 1, 1, 16, 1, null],
  [3, 2, 6, 24, 2, null],
  [5, 2, 6, 40, 2, "s8"],
  [3, 2, 6, 80, 3, null],
  [5, 1, 6, 112, 3, "s16"],
  [5, 2, 6, 192, 4, null],
  [3, 1, 6, 320, 1, "s32"],
] as const;

/** The trunk's blocks in order. */
export const BLOCKS: readonly Block[] = trunkBlocks();

function trunkBlocks(): Block[] {
  const blocks: Block[] = [];
  let inputs = STEM_CHANNELS;
  for (const [kernel, firstStride, expand, outputs, repeats, tap] of STAGES) {
    for (let i = 0; i < repeats; i++) {
      const stride = i === 0 ? firstStride : 1;
      blocks.push({
        path: `trunk._blocks.${blocks.length}`,
        kernel,
        stride,
        inputs,
        hidden: inputs * expand,
        outputs,
        expands: expand > 1,
        residual: stride === 1 && inputs === outputs,
        tap: i === repeats - 1 ? tap : null,
      });
      inputs = outputs;
    }
  }
  return blocks;
}

const tapChannels = (tap: "s8" | "s16" | "s32"): number =>
  BLOCKS.find((block) => block.tap === tap)?.outputs ?? 0;

/** Every layer of a student with these labels, in the order of the forward pass. */
export function layersOf(labels: Labels): Layer[] {
  const marks = labels.landmarks.length;
  return [
    layer("conv", "trunk._conv_stem", 3, 3, STEM_CHANNELS, "trunk._bn0"),
    ...BLOCKS.flatMap(blockLayers),
    convBlock("glem.reduce", 1, tapChannels("s16"), GLEM_CHANNELS),
    layer("conv", "glem.nonlocal_.theta", 1, GLEM_CHANNELS, EMBED_CHANNELS),
    layer("conv", "glem.nonlocal_.phi", 1, GLEM_CHANNELS, EMBED_CHANNELS),
    layer("conv", "glem.nonlocal_.g", 1, GLEM_CHANNELS, EMBED_CHANNELS),
    layer("conv", "glem.nonlocal_.w", 1, EMBED_CHANNELS, GLEM_CHANNELS, "glem.nonlocal_.bn"),
    convBlock("glem.conv1", 3, GLEM_CHANNELS, GLEM_CHANNELS),
    convBlock("glem.conv2", 3, GLEM_CHANNELS, GLEM_CHANNELS),
    convBlock("decoder.lateral", 1, tapChannels("s8"), LATERAL_CHANNELS),
    convBlock("decoder.conv", 3, GLEM_CHANNELS + LATERAL_CHANNELS, DECODER_CHANNELS),
    layer("conv", "decoder.out", 1, DECODER_CHANNELS, marks),
    layer("dense", "presence", 1, GLEM_CHANNELS + marks, marks),
    convBlock("join", 1, tapChannels("s32") + GLEM_CHANNELS, JOIN_CHANNELS),
    layer("dense", "category", 1, JOIN_CHANNELS, labels.category.length),
    ...GROUPS.map((group) =>
      layer("dense", `attributes.${group}`, 1, JOIN_CHANNELS, labels.attributes[group].length),
    ),
  ];
}

function blockLayers(block: Block): Layer[] {
  const { path, kernel, inputs, hidden, outputs } = block;
  const expand = layer("conv", `${path}._expand_conv`, 1, inputs, hidden, `${path}._bn0`);
  return [
    ...(block.expands ? [expand] : []),
    layer("depthwise", `${path}._depthwise_conv`, kernel, hidden, hidden, `${path}._bn1`),
    layer("conv", `${path}._project_conv`, 1, hidden, outputs, `${path}._bn2`),
  ];
}

function convBlock(path: string, kernel: number, inputs: number, outputs: number): Layer {
  return layer("conv", `${path}.conv`, kernel, inputs, outputs, `${path}.bn`);
}

function layer(
  kind: LayerKind,
  name: string,
  kernel: number,
  inputs: number,
  outputs: number,
  norm: string | null = null,
): Layer {
  return { name, kind, kernel, inputs, outputs, norm };
}

/** Shape of the weights as the artefact stores them: the output channel always runs fastest. */
export function weightShape({ kind, kernel, inputs, outputs }: Layer): number[] {
  if (kind === "dense") return [inputs, outputs];
  return kind === "conv" ? [kernel, kernel, inputs, outputs] : [kernel, kernel, outputs, 1];
}
