/** exp(x) scaled to the sum 1; nothing for nothing. */
export function softmax(x: Float32Array): Float32Array {
  const most = Math.max(...x);
  const p = x.map((v) => Math.exp(v - most));
  const sum = p.reduce((a, b) => a + b, 0);
  return p.map((v) => v / sum);
}
