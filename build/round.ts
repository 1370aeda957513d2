/** To the nearest integer, halves to the even one: IEEE 754's default, and NumPy's and PyTorch's. */
export function roundTiesToEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}
