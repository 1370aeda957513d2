import { INPUT, INPUT_BLOCKS, INPUT_PLANE, INPUT_ROW, OUTPUT, ROWS, SCALE, WIDTH, ZERO_POINT } from "./plan";
import { begin, end } from "./share";

/** A map to float32 `[rows,width,channels]`: `float32(q - zero point) * scale`. INPUT_BLOCKS: channels. */
export function qu8_f32_dequantise_8_simd(op: usize, thread: i32, threads: i32): void {
  const channels = load<i32>(op, INPUT_BLOCKS);
  const width = load<i32>(op, WIDTH);
  const zeroPoint = i32x4.splat(load<i32>(op, ZERO_POINT));
  const scale = f32x4.splat(load<f32>(op, SCALE));
  const rows = load<i32>(op, ROWS);
  const last = end(rows, thread, threads);
  for (let y = begin(rows, thread, threads); y < last; y++) {
    for (let channel = 0; channel < channels; channel += 8) {
      let from = <usize>load<i32>(op, INPUT) + y * load<i32>(op, INPUT_ROW) + (channel >> 3) * load<i32>(op, INPUT_PLANE);
      let to = <usize>load<i32>(op, OUTPUT) + (y * width * channels + channel) * 4;
      const whole = channels - channel >= 8;
      for (let x = 0; x < width; x++, from += 8, to += channels * 4) {
        const bytes = v128.load_ext<u8>(from);
        const a = value(i32x4.extend_low_i16x8_u(bytes), zeroPoint, scale);
        const b = value(i32x4.extend_high_i16x8_u(bytes), zeroPoint, scale);
        if (whole) {
          v128.store(to, a);
          v128.store(to, b, 16);
        } else {
          tail(to, a, b, channels - channel);
        }
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function value(steps: v128, zeroPoint: v128, scale: v128): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(i32x4.sub(steps, zeroPoint)), scale);
}

/** The first `count` of eight values. */
function tail(to: usize, a: v128, b: v128, count: i32): void {
  store<f32>(to, f32x4.extract_lane(a, 0));
  if (count > 1) store<f32>(to, f32x4.extract_lane(a, 1), 4);
  if (count > 2) store<f32>(to, f32x4.extract_lane(a, 2), 8);
  if (count > 3) store<f32>(to, f32x4.extract_lane(a, 3), 12);
  if (count > 4) store<f32>(to, f32x4.extract_lane(b, 0), 16);
  if (count > 5) store<f32>(to, f32x4.extract_lane(b, 1), 20);
  if (count > 6) store<f32>(to, f32x4.extract_lane(b, 2), 24);
}
