import record from "./student.json" with { type: "json" };

/** The student's dimensions: channels, but for `trunk`, `width` and `repeats`. */
export interface Dimensions {
  /** An EfficientNet-Lite by name. */
  trunk: string;
  /** Multiplies the trunk's published width; stem and head stay. */
  width: number;
  /** Blocks of each of the trunk's stages, at most the published ones. */
  repeats: readonly number[];
  /** The trunk's own head convolution. */
  head: number;
  glem: number;
  /** Of the non-local block. */
  embed: number;
  /** What recognition gets of the GLEM map. */
  context: number;
  /** What recognition gets of the map at stride 16, read at the landmarks. */
  local: number;
  lateral: number;
  decoder: number;
}

/** The one record of dimensions, `model/student.json`. */
export const dimensions: Dimensions = record;
