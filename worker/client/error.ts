import type { ErrorCode } from "../errors.ts";
import type { Problem } from "../schemas/problem.ts";

/** What goes wrong on the way, beside what the API itself answers. */
export type TransportCode =
  /** No connection, or it broke off. */
  | "unreachable"
  /** No answer in time. */
  | "timeout"
  /** Something that is not this API's answer. */
  | "bad_answer";

/** Every failure of the client but a signal's reason, which is thrown as it is. */
export class ApiError extends Error {
  override name = "ApiError";
  readonly code: ErrorCode | TransportCode;
  /** For people. */
  readonly detail: string;
  /** The HTTP status; undefined where there was no answer. */
  readonly status: number | undefined;
  /** Seconds after which the service wants to be asked again. */
  readonly retryAfter: number | undefined;

  constructor(
    code: ErrorCode | TransportCode,
    detail: string,
    { status, retryAfter, cause }: { status?: number; retryAfter?: number; cause?: unknown } = {},
  ) {
    super(`${code}: ${detail}`, { cause });
    this.code = code;
    this.detail = detail;
    this.status = status;
    this.retryAfter = retryAfter;
  }

  static of({ code, detail, status }: Problem, retryAfter?: number): ApiError {
    return new ApiError(code, detail, {
      status,
      ...(retryAfter === undefined ? {} : { retryAfter }),
    });
  }
}
