/**
 * The plan in memory: a header, then one record an operation, little-endian 32-bit fields. Both the
 * kernels and their host read these byte offsets, so this file is TypeScript and AssemblyScript.
 *
 * A map lies in planes of eight channels: `[channels/8][rows][width][8]` bytes, and an address is
 * that of its first pixel inside the padding; of what a kernel wider than 1x1 reads, of its first
 * byte. Tails are channels that no weight ever reads.
 */

/** Header: operations; threads; scratch memory of thread 0, and bytes to the next thread's. */
export const COUNT = 0;
export const THREADS = 4;
export const SCRATCH = 8;
export const SCRATCH_BYTES = 12;
/** Threads at the barrier; how often it opened; pictures begun; 1 to end the helpers. */
export const ARRIVED = 16;
export const GENERATION = 20;
export const PICTURES = 24;
export const STOP = 28;
export const HEADER_BYTES = 64;

/** Record: what to do. */
export const KIND = 0;
/** The input's address, bytes to its next row and next plane, and planes (or channels). */
export const INPUT = 4;
export const INPUT_ROW = 8;
export const INPUT_PLANE = 12;
export const INPUT_BLOCKS = 16;
/** The same of the output. */
export const OUTPUT = 20;
export const OUTPUT_ROW = 24;
export const OUTPUT_PLANE = 28;
export const OUTPUT_BLOCKS = 32;
/** Rows and pixels a row, of the output. */
export const ROWS = 36;
export const WIDTH = 40;
/** Packed weights; int32 biases and float32 multipliers, one for each channel. */
export const WEIGHTS = 44;
export const BIAS = 48;
export const MULTIPLIERS = 52;
/** Zero point: of the output where there is one, else of the input. */
export const ZERO_POINT = 56;
/** The residual's address (0: none), row and plane; zero point; float32 multiplier. */
export const RESIDUAL = 60;
export const RESIDUAL_ROW = 64;
export const RESIDUAL_PLANE = 68;
export const RESIDUAL_ZERO = 72;
export const RESIDUAL_MULTIPLIER = 76;
/** Pixels of padding: above, below, left, right. */
export const TOP = 80;
export const BOTTOM = 84;
export const LEFT = 88;
export const RIGHT = 92;
/** float32: what one step of the input is worth. */
export const SCALE = 96;
/** float32: `ROUND_VALUE`. */
export const ROUND = 100;
/** 1: no barrier after it, and dense convolutions share planes rather than tiles; see `program.ts`. */
export const TOGETHER = 104;
export const OP_BYTES = 128;

/** 1.5 * 2^23, see `requantise.ts`; and its bits. */
export const ROUND_VALUE = 12582912;
export const ROUND_BITS = 0x4b400000;

/** Kinds of operations. */
export const PAD_IMAGE = 1;
export const FILL_PADDING = 2;
export const CONV3X3S2 = 3;
export const CONV1X1 = 4;
export const DWCONV3X3S1 = 5;
export const DWCONV3X3S2 = 6;
export const DWCONV5X5S1 = 7;
export const DWCONV5X5S2 = 8;
export const GAVGPOOL = 9;
export const DEQUANTISE = 10;
