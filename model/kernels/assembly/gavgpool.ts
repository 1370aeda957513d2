import { INPUT, INPUT_BLOCKS, INPUT_PLANE, OUTPUT, ROWS, SCALE, WIDTH } from "./plan";
import { begin, end } from "./share";

/** Means over all pixels of a map with zero point 0: `float32(sum) * (scale / pixels)`. */
export function qu8_f32_gavgpool_8_simd(op: usize, thread: i32, threads: i32): void {
  const pixels = load<i32>(op, ROWS) * load<i32>(op, WIDTH);
  const scale = f32x4.splat(load<f32>(op, SCALE));
  const blocks = load<i32>(op, INPUT_BLOCKS);
  const last = end(blocks, thread, threads);
  for (let block = begin(blocks, thread, threads); block < last; block++) {
    let from = <usize>load<i32>(op, INPUT) + block * load<i32>(op, INPUT_PLANE);
    let a = i32x4.splat(0), b = a;
    for (let i = 0; i < pixels; i++, from += 8) {
      const bytes = v128.load_ext<u8>(from);
      a = i32x4.add(a, i32x4.extend_low_i16x8_u(bytes));
      b = i32x4.add(b, i32x4.extend_high_i16x8_u(bytes));
    }
    const to = <usize>load<i32>(op, OUTPUT) + block * 32;
    v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(a), scale));
    v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(b), scale), 16);
  }
}
