/**
 * Pixels of the output, row by row, in tiles of nearly equal size: 16 are four times 4 rather than
 * three times 5 and a 1. A thread takes a share of the tiles; of a map too small for that, and where
 * the next operation goes on with the same planes, a share of the planes.
 */
import { TILE } from "./gemm";
import { OUTPUT_BLOCKS, ROWS, TOGETHER, WIDTH } from "./plan";
import { begin, end } from "./share";

/** Fewer tiles a thread than this leave threads idle: 9 tiles on 2 threads cost 5 in turn, not 4.5. */
const TILES_A_THREAD: i32 = 6;

// @ts-ignore: decorator
@inline
export function tilesPerRow(op: usize): i32 {
  return (load<i32>(op, WIDTH) + TILE - 1) / TILE;
}

// @ts-ignore: decorator
@inline
function byTiles(op: usize, threads: i32): bool {
  if (load<i32>(op, TOGETHER) != 0) return false;
  return tilesPerRow(op) * load<i32>(op, ROWS) >= TILES_A_THREAD * threads;
}

export function firstTile(op: usize, thread: i32, threads: i32): i32 {
  return byTiles(op, threads) ? begin(tilesPerRow(op) * load<i32>(op, ROWS), thread, threads) : 0;
}

export function lastTile(op: usize, thread: i32, threads: i32): i32 {
  const tiles = tilesPerRow(op) * load<i32>(op, ROWS);
  return byTiles(op, threads) ? end(tiles, thread, threads) : tiles;
}

export function firstBlock(op: usize, thread: i32, threads: i32): i32 {
  return byTiles(op, threads) ? 0 : begin(load<i32>(op, OUTPUT_BLOCKS), thread, threads);
}

export function lastBlock(op: usize, thread: i32, threads: i32): i32 {
  const blocks = load<i32>(op, OUTPUT_BLOCKS);
  return byTiles(op, threads) ? blocks : end(blocks, thread, threads);
}

/** The pixel of the row at which tile `i` of `tiles` begins. */
// @ts-ignore: decorator
@inline
export function pixelOf(i: i32, tiles: i32, width: i32): i32 {
  return (i * width) / tiles;
}
