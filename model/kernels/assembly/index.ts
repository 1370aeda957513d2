/** One call, one picture: every operation of the plan in turn. */
import { pictureAfter, barrier, release } from "./barrier";
import { qu8_qs8_conv1x1_simd } from "./conv1x1";
import { qu8_qs8_conv3x3s2_simd } from "./conv3x3s2";
import { qu8_f32_dequantise_8_simd } from "./dequantise";
import { qu8_qs8_dwconv3x3s1_2x8_simd } from "./dwconv3x3s1";
import { qu8_qs8_dwconv3x3s2_2x8_simd } from "./dwconv3x3s2";
import { qu8_qs8_dwconv5x5s1_2x8_simd } from "./dwconv5x5s1";
import { qu8_qs8_dwconv5x5s2_2x8_simd } from "./dwconv5x5s2";
import { qu8_f32_gavgpool_8_simd } from "./gavgpool";
import { fill_padding, pad_image } from "./padding";
import {
  CONV1X1,
  CONV3X3S2,
  COUNT,
  DEQUANTISE,
  DWCONV3X3S1,
  DWCONV3X3S2,
  DWCONV5X5S1,
  DWCONV5X5S2,
  FILL_PADDING,
  GAVGPOOL,
  HEADER_BYTES,
  KIND,
  OP_BYTES,
  PAD_IMAGE,
  SCRATCH,
  SCRATCH_BYTES,
  THREADS,
  TOGETHER,
} from "./plan";

/** Runs the plan at `plan`, on all of its threads. */
export function run(plan: usize): void {
  if (ASC_FEATURE_THREADS) {
    if (load<i32>(plan, THREADS) > 1) release(plan);
  }
  share(plan, 0);
}

/** A helper thread's life: its share of picture after picture, until it is told to stop. */
export function help(plan: usize, thread: i32): void {
  if (ASC_FEATURE_THREADS) {
    for (let pictures = 0; pictureAfter(plan, pictures); pictures++) share(plan, thread);
  }
}

function share(plan: usize, thread: i32): void {
  const threads = load<i32>(plan, THREADS);
  const scratch = <usize>load<i32>(plan, SCRATCH) + thread * load<i32>(plan, SCRATCH_BYTES);
  let op = plan + HEADER_BYTES;
  const end = op + load<i32>(plan, COUNT) * OP_BYTES;
  for (; op < end; op += OP_BYTES) {
    operate(op, scratch, thread, threads);
    if (load<i32>(op, TOGETHER) == 0) barrier(plan, threads);
  }
}

function operate(op: usize, scratch: usize, thread: i32, threads: i32): void {
  switch (load<i32>(op, KIND)) {
    case PAD_IMAGE: return pad_image(op, thread, threads);
    case FILL_PADDING: return fill_padding(op, thread, threads);
    case CONV3X3S2: return qu8_qs8_conv3x3s2_simd(op, scratch, thread, threads);
    case CONV1X1: return qu8_qs8_conv1x1_simd(op, scratch, thread, threads);
    case DWCONV3X3S1: return qu8_qs8_dwconv3x3s1_2x8_simd(op, thread, threads);
    case DWCONV3X3S2: return qu8_qs8_dwconv3x3s2_2x8_simd(op, thread, threads);
    case DWCONV5X5S1: return qu8_qs8_dwconv5x5s1_2x8_simd(op, thread, threads);
    case DWCONV5X5S2: return qu8_qs8_dwconv5x5s2_2x8_simd(op, thread, threads);
    case GAVGPOOL: return qu8_f32_gavgpool_8_simd(op, thread, threads);
    case DEQUANTISE: return qu8_f32_dequantise_8_simd(op, thread, threads);
    default: unreachable();
  }
}
