/**
 * Mean of `relu6(x)`, x ~ N(mean, deviation^2): what a channel behind batch norm and ReLU6 is
 * about, without a picture seen (Nagel et al. 2019, "Data-Free Quantization", appendix C).
 */
export function relu6Mean(mean: number, deviation: number): number {
  const spread = Math.abs(deviation);
  if (spread === 0) return Math.min(6, Math.max(0, mean));
  const low = -mean / spread;
  const high = (6 - mean) / spread;
  const inside = mean * (cdf(high) - cdf(low)) + spread * (density(low) - density(high));
  return inside + 6 * (1 - cdf(high));
}

const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

const cdf = (x: number): number => (1 + erf(x / Math.SQRT2)) / 2;

/** Abramowitz and Stegun 7.1.26, error below 1.5e-7. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const poly =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - poly * Math.exp(-x * x));
}
