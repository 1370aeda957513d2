import type { Png } from "./header.ts";

/** Samples a pixel, by colour type. */
const SAMPLES: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

export function bitsPerPixel({ colourType, bitDepth }: Png): number {
  return (SAMPLES[colourType] ?? 4) * bitDepth;
}

/** Turns a row of `width` samples groups into RGBA, from `to` on, `step` pixels apart. */
export type Convert = (
  row: Uint8Array,
  width: number,
  out: Uint8Array,
  to: number,
  step: number,
) => void;

/**
 * How this PNG's rows become 8-bit RGBA. Of 16 bits the upper 8 are kept; ICC profiles and gamma
 * are ignored, as training ignores them.
 */
export function converter(png: Png): Convert {
  const { colourType, bitDepth, transparency } = png;
  if (colourType === 3) return fromPalette(png);
  const wide = bitDepth === 16 ? 2 : 1;
  if (colourType === 6 || colourType === 4) return withAlpha(colourType === 4 ? 1 : 3, wide);
  if (colourType === 2) return fromRgb(transparency, wide);
  return fromGrey(bitDepth, transparency);
}

function withAlpha(colours: 1 | 3, wide: number): Convert {
  const pixel = (colours + 1) * wide;
  const second = colours === 3 ? wide : 0;
  return (row, width, out, to, step) => {
    for (let x = 0, p = 0, q = to; x < width; x++, p += pixel, q += 4 * step) {
      out[q] = row[p] as number;
      out[q + 1] = row[p + second] as number;
      out[q + 2] = row[p + 2 * second] as number;
      out[q + 3] = row[p + colours * wide] as number;
    }
  };
}

function fromRgb(transparency: Uint8Array, wide: number): Convert {
  const keyed = transparency.length >= 6;
  const isKey = (row: Uint8Array, p: number) => {
    for (let c = 0; c < 3; c++) {
      if (row[p + c * wide + wide - 1] !== transparency[c * 2 + 1]) return false;
      if (wide === 2 && row[p + c * 2] !== transparency[c * 2]) return false;
    }
    return true;
  };
  return (row, width, out, to, step) => {
    for (let x = 0, p = 0, q = to; x < width; x++, p += 3 * wide, q += 4 * step) {
      out[q] = row[p] as number;
      out[q + 1] = row[p + wide] as number;
      out[q + 2] = row[p + 2 * wide] as number;
      out[q + 3] = keyed && isKey(row, p) ? 0 : 255;
    }
  };
}

/** One sample of 1, 2, 4, 8 or 16 bits. */
function sample(row: Uint8Array, x: number, bitDepth: number): number {
  if (bitDepth === 8) return row[x] as number;
  if (bitDepth === 16) return ((row[2 * x] as number) << 8) | (row[2 * x + 1] as number);
  const perByte = 8 / bitDepth;
  const shift = (perByte - 1 - (x % perByte)) * bitDepth;
  return ((row[Math.floor(x / perByte)] as number) >> shift) & ((1 << bitDepth) - 1);
}

function fromGrey(bitDepth: number, transparency: Uint8Array): Convert {
  const [high = 0, low = 0] = transparency;
  const key = transparency.length >= 2 ? (high << 8) | low : -1;
  const scale = bitDepth < 8 ? 255 / ((1 << bitDepth) - 1) : 1;
  return (row, width, out, to, step) => {
    for (let x = 0, q = to; x < width; x++, q += 4 * step) {
      const value = sample(row, x, bitDepth);
      out.fill(bitDepth === 16 ? value >> 8 : value * scale, q, q + 3);
      out[q + 3] = value === key ? 0 : 255;
    }
  };
}

function fromPalette({ palette, transparency, bitDepth }: Png): Convert {
  return (row, width, out, to, step) => {
    for (let x = 0, q = to; x < width; x++, q += 4 * step) {
      const index = sample(row, x, bitDepth);
      // An index past the palette is black, as libpng has it.
      out[q] = palette[index * 3] ?? 0;
      out[q + 1] = palette[index * 3 + 1] ?? 0;
      out[q + 2] = palette[index * 3 + 2] ?? 0;
      out[q + 3] = transparency[index] ?? 255;
    }
  };
}
