/**
 * sRGB to CIELAB (D65, 2 degrees; IEC 61966-2-1 and CIE 15) through two tables: the exact formula
 * costs a cube root per axis, three times a pixel, and this runs on thousands of pixels a picture.
 */

const STEPS = 4096;
const DELTA = 6 / 29;

// Numbers as the computation takes them: converting each as it is read would cost more than the room.
const LINEAR = Float64Array.from({ length: 256 }, (_, i) => {
  const v = i / 255;
  return Math.fround(v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
});

const CURVE = Float64Array.from({ length: STEPS + 1 }, (_, i) => {
  const t = i / STEPS;
  return Math.fround(t > DELTA ** 3 ? Math.cbrt(t) : t / (3 * DELTA * DELTA) + 4 / 29);
});

/**
 * Writes one colour to `lab[at..at+2]`: L 0..100, a and b about -100..100.
 * `r`, `g`, `b` are whole numbers 0..255.
 */
export function writeLab(r: number, g: number, b: number, lab: Float32Array, at: number): void {
  const lr = LINEAR[r] as number;
  const lg = LINEAR[g] as number;
  const lb = LINEAR[b] as number;
  // Rows of the sRGB matrix, each divided by the white point: white is 1, 1, 1.
  const x = CURVE[((0.4338966 * lr + 0.3762201 * lg + 0.1898834 * lb) * STEPS + 0.5) | 0] as number;
  const y = CURVE[((0.2126729 * lr + 0.7151522 * lg + 0.072175 * lb) * STEPS + 0.5) | 0] as number;
  const z = CURVE[((0.0177566 * lr + 0.1094716 * lg + 0.8727718 * lb) * STEPS + 0.5) | 0] as number;
  lab[at] = 116 * y - 16;
  lab[at + 1] = 500 * (x - y);
  lab[at + 2] = 200 * (y - z);
}
