import { gemm } from "./gemm";
import { INPUT, INPUT_ROW, OUTPUT, OUTPUT_ROW, WIDTH } from "./plan";
import { firstBlock, firstTile, lastBlock, lastTile, pixelOf, tilesPerRow } from "./tiles";

/** The stem: 3x3 convolution at stride 2 over padded RGB rows. */
export function qu8_qs8_conv3x3s2_simd(op: usize, scratch: usize, thread: i32, threads: i32): void {
  const width = load<i32>(op, WIDTH);
  const tiles = tilesPerRow(op);
  const row = <usize>load<i32>(op, INPUT_ROW);
  const first = firstBlock(op, thread, threads);
  const last = lastBlock(op, thread, threads);
  const end = lastTile(op, thread, threads);
  for (let i = firstTile(op, thread, threads); i < end; i++) {
    const y = i / tiles;
    const x = pixelOf(i % tiles, tiles, width);
    const pixels = pixelOf((i % tiles) + 1, tiles, width) - x;
    const from = <usize>load<i32>(op, INPUT) + 2 * y * row + 6 * x;
    for (let p = 0; p < pixels; p++) gather(from + 6 * p, row, scratch + p * 16, pixels * 16);
    gemm(pixels, op, scratch, <usize>load<i32>(op, OUTPUT) + y * load<i32>(op, OUTPUT_ROW) + x * 8, 0, first, last);
  }
}

/**
 * The 27 bytes under one output pixel as 32 inputs: eight of each row's nine in a block of their own,
 * the three that are left in the fourth. What else is in the fourth meets weights of zero.
 */
// @ts-ignore: decorator
@inline
function gather(from: usize, row: usize, panel: usize, block: usize): void {
  v128.store(panel, v128.load_ext<u8>(from));
  v128.store(panel + block, v128.load_ext<u8>(from + row));
  v128.store(panel + 2 * block, v128.load_ext<u8>(from + 2 * row));
  const rest =
    <u64>load<u8>(from, 8) |
    (<u64>load<u8>(from + row, 8) << 16) |
    (<u64>load<u8>(from + 2 * row, 8) << 32);
  store<u64>(panel + 3 * block, rest);
  store<u64>(panel + 3 * block, 0, 8);
}
