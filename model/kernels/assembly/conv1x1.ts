import { gemm, TILE } from "./gemm";
import {
  INPUT,
  INPUT_BLOCKS,
  INPUT_PLANE,
  INPUT_ROW,
  OUTPUT,
  OUTPUT_ROW,
  RESIDUAL,
  RESIDUAL_ROW,
  WIDTH,
} from "./plan";
import { firstBlock, firstTile, lastBlock, lastTile, pixelOf, tilesPerRow } from "./tiles";

/** 1x1 convolution at stride 1, the residual added in the same pass. */
export function qu8_qs8_conv1x1_simd(op: usize, scratch: usize, thread: i32, threads: i32): void {
  const width = load<i32>(op, WIDTH);
  const tiles = tilesPerRow(op);
  const first = firstBlock(op, thread, threads);
  const last = lastBlock(op, thread, threads);
  const end = lastTile(op, thread, threads);
  for (let i = firstTile(op, thread, threads); i < end; i++) {
    const y = i / tiles;
    const x = pixelOf(i % tiles, tiles, width);
    const pixels = pixelOf((i % tiles) + 1, tiles, width) - x;
    widen(pixels, op, <usize>load<i32>(op, INPUT) + y * load<i32>(op, INPUT_ROW) + x * 8, scratch);
    const to = <usize>load<i32>(op, OUTPUT) + y * load<i32>(op, OUTPUT_ROW) + x * 8;
    const residual = <usize>load<i32>(op, RESIDUAL) + y * load<i32>(op, RESIDUAL_ROW) + x * 8;
    gemm(pixels, op, scratch, to, residual, first, last);
  }
}

/** Bytes of `pixels` neighbouring pixels, all channels, to the panel that `gemm` reads. */
function widen(pixels: i32, op: usize, from: usize, panel: usize): void {
  const plane = <usize>load<i32>(op, INPUT_PLANE);
  const end = panel + load<i32>(op, INPUT_BLOCKS) * pixels * 16;
  if (pixels == TILE) {
    for (; panel < end; panel += TILE * 16, from += plane) {
      v128.store(panel, v128.load_ext<u8>(from), 0);
      v128.store(panel, v128.load_ext<u8>(from, 8), 16);
      v128.store(panel, v128.load_ext<u8>(from, 16), 32);
      v128.store(panel, v128.load_ext<u8>(from, 24), 48);
      v128.store(panel, v128.load_ext<u8>(from, 32), 64);
    }
  } else {
    for (; panel < end; from += plane) {
      for (let p: usize = 0; p < <usize>pixels; p++, panel += 16) {
        v128.store(panel, v128.load_ext<u8>(from + p * 8));
      }
    }
  }
}
