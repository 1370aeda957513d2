/**
 * A fixed piece of work to measure others by: the same machine, the same minute. What costs so many of
 * these costs as many on a faster or a busier machine, nearly.
 */

/** CPU and wall time of one reference loop, in ms: the least of several runs, for others disturb it. */
export function referenceLoop(runs = 5): { cpu: number; wall: number } {
  work(); // compiled by now
  let [cpu, wall] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let i = 0; i < runs; i++) {
    const [before, start] = [process.cpuUsage(), performance.now()];
    work();
    wall = Math.min(wall, performance.now() - start);
    const { user, system } = process.cpuUsage(before);
    cpu = Math.min(cpu, (user + system) / 1000);
  }
  return { cpu, wall };
}

const SIDE = 192;
const a = Float32Array.from({ length: SIDE * SIDE }, (_, i) => (i % 13) / 13);
const b = Float32Array.from({ length: SIDE * SIDE }, (_, i) => (i % 7) / 7);
const out = new Float32Array(SIDE * SIDE);

/** A product of two 192 x 192 matrices, seven million multiply-accumulates, in plain JavaScript. */
function work(): void {
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      let sum = 0;
      for (let k = 0; k < SIDE; k++) {
        sum += (a[y * SIDE + k] as number) * (b[k * SIDE + x] as number);
      }
      out[y * SIDE + x] = sum;
    }
  }
}
