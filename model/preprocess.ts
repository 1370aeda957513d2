import record from "./preprocess.json" with { type: "json" };

/** How a picture becomes the network's input: resized to `size` x `size`, `(rgb - mean) / scale`. */
export interface Preprocess {
  size: number;
  mean: number;
  scale: number;
  resize: string;
  fit: string;
}

/** The one preprocessing record, `model/preprocess.json`. */
export const preprocess: Preprocess = record;
