/**
 * A map in the kernels' memory. Planes of eight channels, `[channels/8][rows][width][8]` bytes, lie in
 * padding of their own, so that no kernel ever looks whether a pixel exists.
 */
export interface Padding {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

export interface MapShape {
  /** `planes`: uint8 as above; `rgb`: rows of three bytes a pixel; `float`: float32, no padding. */
  layout: "planes" | "rgb" | "float";
  channels: number;
  height: number;
  width: number;
  padding: Padding;
}

/** What the bytes of a map stand for: `(q - zeroPoint) * scale`. */
export interface Quantisation {
  scale: number;
  zeroPoint: number;
}

export const NO_PADDING: Padding = { top: 0, bottom: 0, left: 0, right: 0 };
export const LANES = 8;

export const blocksOf = (channels: number): number => Math.ceil(channels / LANES);

export function rowBytes({ layout, width, padding, channels }: MapShape): number {
  if (layout === "float") return width * channels * 4;
  return (padding.left + width + padding.right) * (layout === "rgb" ? 3 : LANES);
}

export function planeBytes(map: MapShape): number {
  return (map.padding.top + map.height + map.padding.bottom) * rowBytes(map);
}

/** Whole map. A float map's channels are rounded up to eight: kernels store eight at a time. */
export function mapBytes(map: MapShape): number {
  if (map.layout === "float") return map.height * map.width * blocksOf(map.channels) * LANES * 4;
  return map.layout === "rgb" ? planeBytes(map) : planeBytes(map) * blocksOf(map.channels);
}

/** From the map's address to its first pixel inside the padding. */
export function originOf(map: MapShape): number {
  const { top, left } = map.padding;
  return top * rowBytes(map) + left * (map.layout === "rgb" ? 3 : LANES);
}

/** TensorFlow's 'SAME': the odd pixel goes to the bottom and the right. */
export function samePadding(
  height: number,
  width: number,
  kernel: number,
  stride: number,
): Padding {
  const total = (n: number): number =>
    Math.max((Math.ceil(n / stride) - 1) * stride + kernel - n, 0);
  const [rows, columns] = [total(height), total(width)];
  const [top, left] = [Math.floor(rows / 2), Math.floor(columns / 2)];
  return { top, bottom: rows - top, left, right: columns - left };
}
