/**
 * Inverse DCT to 8, 4, 2 or 1 samples a direction, in libjpeg's accurate integer arithmetic
 * (jidctint.c and jidctred.c: Loeffler, Ligtenberg and Moschytz, ICASSP 1989, 13-bit constants),
 * so that samples equal libjpeg-turbo's bit by bit. Eight columns at a time.
 *
 * `block`: i16 coefficients as `places` lays them out, row-major but for `idct2`; `quant`: u16, laid
 * out likewise; samples go to `to`, `stride` apart.
 */
const SCRATCH: usize = memory.data(256, 16);

// @ts-ignore: decorator
@inline
function low(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}

// @ts-ignore: decorator
@inline
function high(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}

/** a * x + b * y in 32 bits, for pairs (x, y) that `low` or `high` made. */
// @ts-ignore: decorator
@inline
function dot(pairs: v128, a: i16, b: i16): v128 {
  return i32x4.dot_i16x8_s(pairs, i16x8(a, b, a, b, a, b, a, b));
}

// @ts-ignore: decorator
@inline
function row(block: usize, quant: usize, i: usize): v128 {
  return i16x8.mul(v128.load(block + i * 16), v128.load(quant + i * 16));
}

// @ts-ignore: decorator
@inline
function descale(x: v128, shift: i32): v128 {
  return i32x4.shr_s(i32x4.add(x, i32x4.splat(1 << (shift - 1))), shift);
}

/** The level shift, and the clamp to 0..255. */
// @ts-ignore: decorator
@inline
function shifted(dc: i32): i32 {
  const x = ((dc + 4) >> 3) + 128;
  return x < 0 ? 0 : x > 255 ? 255 : x;
}

/** The sample that a block's dequantised DC coefficient alone stands for. */
export function idct1(dc: i32, to: usize): void {
  store<u8>(to, <u8>shifted(dc));
}

/** A block without AC coefficients. */
export function flat(dc: i32, size: i32, to: usize, stride: usize): void {
  const x = shifted(dc);
  if (size == 8) {
    const all = <u64>x * 0x0101010101010101;
    for (let y: usize = 0; y < 8; y++) store<u64>(to + y * stride, all);
  } else if (size == 4) {
    const all = <u32>x * 0x01010101;
    for (let y: usize = 0; y < 4; y++) store<u32>(to + y * stride, all);
  } else {
    const all = <u16>(x * 0x0101);
    store<u16>(to, all);
    store<u16>(to + stride, all);
  }
}

/** One half (4 columns) of a pass over 8 rows, as pairs; results go to `out`, 32 bytes a row. */
// @ts-ignore: decorator
@inline
function half(p04: v128, p26: v128, p71: v128, p53: v128, s: v128, out: usize, shift: i32): void {
  const even0 = dot(p04, 8192, 8192);
  const even1 = dot(p04, 8192, -8192);
  const even3 = dot(p26, 10703, 4433);
  const even2 = dot(p26, 4433, -10704);
  const t10 = i32x4.add(even0, even3);
  const t13 = i32x4.sub(even0, even3);
  const t11 = i32x4.add(even1, even2);
  const t12 = i32x4.sub(even1, even2);
  // `s` holds the pairs (in7 + in3, in5 + in1).
  const z3 = dot(s, -6436, 9633);
  const z4 = dot(s, 9633, 6437);
  const odd0 = i32x4.add(dot(p71, -4927, -7373), z3);
  const odd3 = i32x4.add(dot(p71, -7373, 4926), z4);
  const odd1 = i32x4.add(dot(p53, -4176, -20995), z4);
  const odd2 = i32x4.add(dot(p53, -20995, 4177), z3);
  v128.store(out, descale(i32x4.add(t10, odd3), shift));
  v128.store(out + 7 * 32, descale(i32x4.sub(t10, odd3), shift));
  v128.store(out + 1 * 32, descale(i32x4.add(t11, odd2), shift));
  v128.store(out + 6 * 32, descale(i32x4.sub(t11, odd2), shift));
  v128.store(out + 2 * 32, descale(i32x4.add(t12, odd1), shift));
  v128.store(out + 5 * 32, descale(i32x4.sub(t12, odd1), shift));
  v128.store(out + 3 * 32, descale(i32x4.add(t13, odd0), shift));
  v128.store(out + 4 * 32, descale(i32x4.sub(t13, odd0), shift));
}

// @ts-ignore: decorator
@inline
function pass(
  r0: v128,
  r1: v128,
  r2: v128,
  r3: v128,
  r4: v128,
  r5: v128,
  r6: v128,
  r7: v128,
  shift: i32,
): void {
  const s73 = i16x8.add(r7, r3);
  const s51 = i16x8.add(r5, r1);
  half(low(r0, r4), low(r2, r6), low(r7, r1), low(r5, r3), low(s73, s51), SCRATCH, shift);
  half(high(r0, r4), high(r2, r6), high(r7, r1), high(r5, r3), high(s73, s51), SCRATCH + 16, shift);
}

// @ts-ignore: decorator
@inline
function narrowed(i: usize): v128 {
  return i16x8.narrow_i32x4_s(v128.load(SCRATCH + i * 32), v128.load(SCRATCH + i * 32 + 16));
}

export function idct8(block: usize, quant: usize, to: usize, stride: usize): void {
  pass(
    row(block, quant, 0),
    row(block, quant, 1),
    row(block, quant, 2),
    row(block, quant, 3),
    row(block, quant, 4),
    row(block, quant, 5),
    row(block, quant, 6),
    row(block, quant, 7),
    11,
  );
  const a0 = narrowed(0);
  const a1 = narrowed(1);
  const a2 = narrowed(2);
  const a3 = narrowed(3);
  const a4 = narrowed(4);
  const a5 = narrowed(5);
  const a6 = narrowed(6);
  const a7 = narrowed(7);
  // Transpose: pairs, then fours, then eights.
  const b0 = low(a0, a4);
  const b1 = high(a0, a4);
  const b2 = low(a1, a5);
  const b3 = high(a1, a5);
  const b4 = low(a2, a6);
  const b5 = high(a2, a6);
  const b6 = low(a3, a7);
  const b7 = high(a3, a7);
  const c0 = low(b0, b4);
  const c1 = high(b0, b4);
  const c2 = low(b1, b5);
  const c3 = high(b1, b5);
  const c4 = low(b2, b6);
  const c5 = high(b2, b6);
  const c6 = low(b3, b7);
  const c7 = high(b3, b7);
  pass(
    low(c0, c4),
    high(c0, c4),
    low(c1, c5),
    high(c1, c5),
    low(c2, c6),
    high(c2, c6),
    low(c3, c7),
    high(c3, c7),
    18,
  );
  const level = i16x8.splat(128);
  // Columns of the picture lie in the rows of the scratch: bytes, then the transpose back.
  const d01 = i8x16.narrow_i16x8_u(i16x8.add(narrowed(0), level), i16x8.add(narrowed(1), level));
  const d23 = i8x16.narrow_i16x8_u(i16x8.add(narrowed(2), level), i16x8.add(narrowed(3), level));
  const d45 = i8x16.narrow_i16x8_u(i16x8.add(narrowed(4), level), i16x8.add(narrowed(5), level));
  const d67 = i8x16.narrow_i16x8_u(i16x8.add(narrowed(6), level), i16x8.add(narrowed(7), level));
  const e01 = v128.shuffle<i8>(d01, d01, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
  const e23 = v128.shuffle<i8>(d23, d23, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
  const e45 = v128.shuffle<i8>(d45, d45, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
  const e67 = v128.shuffle<i8>(d67, d67, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
  const f0 = low(e01, e23);
  const f1 = high(e01, e23);
  const f2 = low(e45, e67);
  const f3 = high(e45, e67);
  const g0 = v128.shuffle<i32>(f0, f2, 0, 4, 1, 5);
  const g1 = v128.shuffle<i32>(f0, f2, 2, 6, 3, 7);
  const g2 = v128.shuffle<i32>(f1, f3, 0, 4, 1, 5);
  const g3 = v128.shuffle<i32>(f1, f3, 2, 6, 3, 7);
  v128.store64_lane(to, g0, 0);
  v128.store64_lane(to + stride, g0, 1);
  v128.store64_lane(to + 2 * stride, g1, 0);
  v128.store64_lane(to + 3 * stride, g1, 1);
  v128.store64_lane(to + 4 * stride, g2, 0);
  v128.store64_lane(to + 5 * stride, g2, 1);
  v128.store64_lane(to + 6 * stride, g3, 0);
  v128.store64_lane(to + 7 * stride, g3, 1);
}

/** A half of the first pass to 4: four rows of four columns; `sign` picks the row. */
// @ts-ignore: decorator
@inline
function even4(p00: v128, p26: v128, sign: i32): v128 {
  const tmp0 = dot(p00, 8192, 8192);
  const tmp2 = dot(p26, 15137, -6270);
  return sign > 0 ? i32x4.add(tmp0, tmp2) : i32x4.sub(tmp0, tmp2);
}

export function idct4(block: usize, quant: usize, to: usize, stride: usize): void {
  const r0 = row(block, quant, 0);
  const r1 = row(block, quant, 1);
  const r2 = row(block, quant, 2);
  const r3 = row(block, quant, 3);
  const r5 = row(block, quant, 5);
  const r6 = row(block, quant, 6);
  const r7 = row(block, quant, 7);
  const l26 = low(r2, r6);
  const h26 = high(r2, r6);
  const l00 = low(r0, r0);
  const h00 = high(r0, r0);
  const l75 = low(r7, r5);
  const h75 = high(r7, r5);
  const l31 = low(r3, r1);
  const h31 = high(r3, r1);
  const lo0 = i32x4.add(dot(l75, -1730, 11893), dot(l31, -17799, 8697));
  const ho0 = i32x4.add(dot(h75, -1730, 11893), dot(h31, -17799, 8697));
  const lo2 = i32x4.add(dot(l75, -4176, -4926), dot(l31, 7373, 20995));
  const ho2 = i32x4.add(dot(h75, -4176, -4926), dot(h31, 7373, 20995));
  const l10 = even4(l00, l26, 1);
  const h10 = even4(h00, h26, 1);
  const l12 = even4(l00, l26, -1);
  const h12 = even4(h00, h26, -1);
  const w0 = i16x8.narrow_i32x4_s(descale(i32x4.add(l10, lo2), 12), descale(i32x4.add(h10, ho2), 12));
  const w3 = i16x8.narrow_i32x4_s(descale(i32x4.sub(l10, lo2), 12), descale(i32x4.sub(h10, ho2), 12));
  const w1 = i16x8.narrow_i32x4_s(descale(i32x4.add(l12, lo0), 12), descale(i32x4.add(h12, ho0), 12));
  const w2 = i16x8.narrow_i32x4_s(descale(i32x4.sub(l12, lo0), 12), descale(i32x4.sub(h12, ho0), 12));
  // Columns of four rows, two to a vector.
  const t0 = low(w0, w2);
  const t1 = low(w1, w3);
  const t2 = high(w0, w2);
  const t3 = high(w1, w3);
  const c01 = low(t0, t1);
  const c23 = high(t0, t1);
  const c45 = low(t2, t3);
  const c67 = high(t2, t3);
  const p00 = low(c01, c01);
  const p26 = low(c23, c67);
  const p75 = high(c67, c45);
  const p31 = high(c23, c01);
  const o0 = i32x4.add(dot(p75, -1730, 11893), dot(p31, -17799, 8697));
  const o2 = i32x4.add(dot(p75, -4176, -4926), dot(p31, 7373, 20995));
  const e10 = even4(p00, p26, 1);
  const e12 = even4(p00, p26, -1);
  const x0 = descale(i32x4.add(e10, o2), 19);
  const x3 = descale(i32x4.sub(e10, o2), 19);
  const x1 = descale(i32x4.add(e12, o0), 19);
  const x2 = descale(i32x4.sub(e12, o0), 19);
  const level = i16x8.splat(128);
  const packed = i8x16.narrow_i16x8_u(
    i16x8.add(i16x8.narrow_i32x4_s(x0, x1), level),
    i16x8.add(i16x8.narrow_i32x4_s(x2, x3), level),
  );
  const rows = v128.shuffle<i8>(
    packed,
    packed,
    0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15,
  );
  v128.store32_lane(to, rows, 0);
  v128.store32_lane(to + stride, rows, 1);
  v128.store32_lane(to + 2 * stride, rows, 2);
  v128.store32_lane(to + 3 * stride, rows, 3);
}

/** To 2: the block packed as `zigzag.ts` says, pairs of rows 7 and 5, 3 and 1 for the dot products. */
export function idct2(block: usize, quant: usize, to: usize, stride: usize): void {
  const lone = row(block, quant, 2);
  const odd = i32x4.add(dot(row(block, quant, 0), -5906, 6967), dot(row(block, quant, 1), -10426, 29692));
  const even = i32x4.shl(i32x4.extend_high_i16x8_s(lone), 15);
  // Columns 1, 3, 5, 7 of the upper row, then of the lower.
  const w = i16x8.narrow_i32x4_s(descale(i32x4.add(even, odd), 13), descale(i32x4.sub(even, odd), 13));
  const pairs = i32x4.dot_i16x8_s(w, i16x8(29692, -10426, 6967, -5906, 29692, -10426, 6967, -5906));
  const across = i32x4.add(pairs, v128.shuffle<i32>(pairs, pairs, 1, 0, 3, 2));
  // Column 0, in all lanes: the upper row twice, the lower row twice.
  const parts = i32x4.dot_i16x8_s(lone, i16x8(-5906, 6967, -10426, 29692, 0, 0, 0, 0));
  const sum = i32x4.add(parts, v128.shuffle<i32>(parts, parts, 1, 0, 3, 2));
  const lower = i32x4(0, 0, -1, -1);
  const down = i32x4.sub(v128.xor(v128.shuffle<i32>(sum, sum, 0, 0, 0, 0), lower), lower);
  const dc = <i32>load<i16>(block, 48) * <i32>load<u16>(quant, 48);
  const first = descale(i32x4.add(i32x4.splat(dc << 15), down), 13);
  const right = i32x4(0, -1, 0, -1);
  const swing = i32x4.sub(v128.xor(across, right), right);
  const x = descale(i32x4.add(i32x4.shl(first, 15), swing), 20);
  const level = i16x8.add(i16x8.narrow_i32x4_s(x, x), i16x8.splat(128));
  const bytes = i8x16.narrow_i16x8_u(level, level);
  v128.store16_lane(to, bytes, 0);
  v128.store16_lane(to + stride, bytes, 1);
}
