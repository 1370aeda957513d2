import type { Pixels } from "../../../../worker/image/pixels.ts";

/**
 * Squashes a picture to size * size RGB by exact area averaging, the one definition that training
 * uses too (`training/preprocess.py`).
 *
 * Where the source is `width * size` units wide, output column i covers [i * width, (i+1) * width)
 * and source column s covers [s * size, (s+1) * size); rows likewise. A cell is
 * floor((2 * sum + area) / (2 * area)), the sum weighted by overlaps, area = width * height.
 * The sums stay below 255 * area: integers, exact in float64.
 */
export function areaResize(picture: Pixels, size: number): Uint8Array<ArrayBuffer> {
  const { data, width, height, channels } = picture;
  const out = new Uint8Array(size * size * 3);
  const sums = new Float64Array(size * 3);
  const row = new Float64Array(size * 3);
  const area = width * height;
  for (let j = 0; j < size; j++) {
    sums.fill(0);
    const first = Math.floor((j * height) / size);
    const last = Math.ceil(((j + 1) * height) / size) - 1;
    for (let y = first; y <= last; y++) {
      const overlap = Math.min((j + 1) * height, (y + 1) * size) - Math.max(j * height, y * size);
      sumRow(data, y * width * channels, width, channels, size, row);
      for (let k = 0; k < row.length; k++) {
        sums[k] = (sums[k] as number) + overlap * (row[k] as number);
      }
    }
    for (let k = 0; k < sums.length; k++) {
      out[j * size * 3 + k] = Math.floor((2 * (sums[k] as number) + area) / (2 * area));
    }
  }
  return out;
}

/** One source row, `start` its first byte, weighted by its overlaps with the `size` output columns. */
function sumRow(
  data: Uint8Array,
  start: number,
  width: number,
  channels: number,
  size: number,
  row: Float64Array,
): void {
  for (let i = 0; i < size; i++) {
    const left = i * width;
    const right = left + width;
    const first = Math.floor(left / size);
    const last = Math.ceil(right / size) - 1;
    // Whole pixels first; what the outer two have outside the cell is taken off again.
    let [r, g, b] = [0, 0, 0];
    const end = start + last * channels;
    for (let p = start + first * channels; p <= end; p += channels) {
      r += data[p] as number;
      g += data[p + 1] as number;
      b += data[p + 2] as number;
    }
    const head = start + first * channels;
    const before = left - first * size;
    const after = (last + 1) * size - right;
    row[i * 3] = r * size - before * (data[head] as number) - after * (data[end] as number);
    row[i * 3 + 1] =
      g * size - before * (data[head + 1] as number) - after * (data[end + 1] as number);
    row[i * 3 + 2] =
      b * size - before * (data[head + 2] as number) - after * (data[end + 2] as number);
  }
}
