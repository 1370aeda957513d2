import type { Layer } from "../model/architecture.ts";
import type { FloatLayer } from "../model/weights.ts";
import type { QuantisedLayer } from "./quantise.ts";

/**
 * Moves the biases by what rounding the weights shifted the outputs on average:
 * `b[o] += sum over taps and inputs of (w - scale * q) * mean of the input`
 * (Nagel et al. 2019, "Data-Free Quantization", section 4.2). Costs nothing at inference.
 */
export function correctBias(
  { kind, inputs, outputs }: Layer,
  float: FloatLayer,
  quantised: QuantisedLayer,
  means: Float64Array | undefined,
): QuantisedLayer {
  if (means === undefined) return quantised;
  const shift = new Float64Array(outputs);
  for (const [i, weight] of float.kernel.entries()) {
    const out = i % outputs;
    const input = kind === "depthwise" ? out : Math.floor(i / outputs) % inputs;
    const stored = (quantised.kernel[i] as number) * (quantised.scales[out] as number);
    shift[out] = (shift[out] as number) + (weight - stored) * (means[input] as number);
  }
  const bias = quantised.bias.map((b, out) => b + (shift[out] as number));
  return { ...quantised, bias };
}
