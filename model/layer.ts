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

export function layer(
  kind: LayerKind,
  name: string,
  kernel: number,
  inputs: number,
  outputs: number,
  norm: string | null = null,
): Layer {
  return { name, kind, kernel, inputs, outputs, norm };
}

/** Shape of the weights as the network uses them: the output channel always runs fastest. */
export function weightShape({ kind, kernel, inputs, outputs }: Layer): number[] {
  if (kind === "dense") return [inputs, outputs];
  return kind === "conv" ? [kernel, kernel, inputs, outputs] : [kernel, kernel, outputs, 1];
}
