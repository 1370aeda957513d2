/** The dot instruction alone: twelve independent chains, nothing read from memory. */
export function dots(rounds: i32): i32 {
  // Not a constant: V8 would make it anew at every use.
  const x = i16x8.splat(<i16>rounds);
  let a = i32x4.splat(1), b = i32x4.splat(2), c = i32x4.splat(3), d = i32x4.splat(4);
  let e = i32x4.splat(5), f = i32x4.splat(6), g = i32x4.splat(7), h = i32x4.splat(8);
  let i = i32x4.splat(9), j = i32x4.splat(10), k = i32x4.splat(11), l = i32x4.splat(12);
  for (let n = 0; n < rounds; n++) {
    a = i32x4.add(x, i32x4.dot_i16x8_s(a, x));
    b = i32x4.add(x, i32x4.dot_i16x8_s(b, x));
    c = i32x4.add(x, i32x4.dot_i16x8_s(c, x));
    d = i32x4.add(x, i32x4.dot_i16x8_s(d, x));
    e = i32x4.add(x, i32x4.dot_i16x8_s(e, x));
    f = i32x4.add(x, i32x4.dot_i16x8_s(f, x));
    g = i32x4.add(x, i32x4.dot_i16x8_s(g, x));
    h = i32x4.add(x, i32x4.dot_i16x8_s(h, x));
    i = i32x4.add(x, i32x4.dot_i16x8_s(i, x));
    j = i32x4.add(x, i32x4.dot_i16x8_s(j, x));
    k = i32x4.add(x, i32x4.dot_i16x8_s(k, x));
    l = i32x4.add(x, i32x4.dot_i16x8_s(l, x));
  }
  const sum = i32x4.add(
    i32x4.add(i32x4.add(i32x4.add(a, b), i32x4.add(c, d)), i32x4.add(i32x4.add(e, f), i32x4.add(g, h))),
    i32x4.add(i32x4.add(i, j), i32x4.add(k, l)),
  );
  return i32x4.extract_lane(sum, 0);
}
