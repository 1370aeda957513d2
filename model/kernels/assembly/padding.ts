import {
  BOTTOM,
  INPUT,
  INPUT_ROW,
  LEFT,
  OUTPUT,
  OUTPUT_BLOCKS,
  OUTPUT_PLANE,
  OUTPUT_ROW,
  RIGHT,
  ROWS,
  TOP,
  WIDTH,
  ZERO_POINT,
} from "./plan";
import { begin, end } from "./share";

/** Copies RGB rows into a padded map; the padding becomes the zero point, which stands for 0. */
export function pad_image(op: usize, thread: i32, threads: i32): void {
  const row = load<i32>(op, OUTPUT_ROW);
  const from = <usize>load<i32>(op, INPUT);
  const to = <usize>load<i32>(op, OUTPUT);
  const bytes = load<i32>(op, WIDTH) * 3;
  const rows = load<i32>(op, ROWS);
  const last = end(rows, thread, threads);
  for (let y = begin(rows, thread, threads); y < last; y++) {
    memory.copy(to + y * row, from + y * load<i32>(op, INPUT_ROW), bytes);
  }
  if (thread == 0) frame(op, to, row, 3);
}

/** Fills the padding around every plane. */
export function fill_padding(op: usize, thread: i32, threads: i32): void {
  const blocks = load<i32>(op, OUTPUT_BLOCKS);
  const row = load<i32>(op, OUTPUT_ROW);
  const last = end(blocks, thread, threads);
  for (let block = begin(blocks, thread, threads); block < last; block++) {
    frame(op, <usize>load<i32>(op, OUTPUT) + block * load<i32>(op, OUTPUT_PLANE), row, 8);
  }
}

/** The padding of one plane whose first pixel is at `to`; `pixel` bytes a pixel. */
function frame(op: usize, to: usize, row: i32, pixel: i32): void {
  const zeroPoint = <u8>load<i32>(op, ZERO_POINT);
  const top = load<i32>(op, TOP);
  const rows = load<i32>(op, ROWS);
  const left = load<i32>(op, LEFT) * pixel;
  const right = load<i32>(op, RIGHT) * pixel;
  const width = load<i32>(op, WIDTH) * pixel;
  const start = to - left;
  if (top > 0) memory.fill(start - top * row, zeroPoint, top * row);
  for (let y = 0; y < rows; y++) {
    if (left > 0) memory.fill(start + y * row, zeroPoint, left);
    if (right > 0) memory.fill(to + y * row + width, zeroPoint, right);
  }
  const bottom = load<i32>(op, BOTTOM);
  if (bottom > 0) memory.fill(start + rows * row, zeroPoint, bottom * row);
}
