/** What the build refuses, by a code that stays. */
export type BuildErrorCode =
  | "bad_argument"
  | "file_not_found"
  | "file_truncated"
  | "file_malformed"
  | "checkpoint_damaged"
  | "metadata_missing"
  | "metadata_malformed"
  | "labels_mismatch"
  | "size_mismatch"
  | "tensor_missing"
  | "tensor_unexpected"
  | "tensor_mismatch"
  | "tensor_not_finite"
  | "range_malformed"
  | "accumulator_unbounded"
  | "golden_mismatch"
  | "evaluation_missing"
  | "float_differs"
  | "integer_differs"
  | "quantised_differs";

/** A build that stopped for a reason its user can act on; the artefact in place is untouched. */
export class BuildError extends Error {
  override readonly name = "BuildError";
  readonly code: BuildErrorCode;

  constructor(code: BuildErrorCode, message: string) {
    super(message);
    this.code = code;
  }

  /** The same error, its message led by the file it is about. */
  at(path: string): BuildError {
    return new BuildError(this.code, `${path}: ${this.message}`);
  }
}
