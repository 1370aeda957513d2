/** A picture in memory: 8 bits a channel, rows from the top, no padding. */
export interface Pixels {
  /** `width * height * channels` bytes: RGB, or RGB and straight alpha. */
  data: Uint8Array;
  width: number;
  height: number;
  channels: 3 | 4;
}
