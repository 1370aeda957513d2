import { type ErrorCode, HemlineError } from "../errors.ts";

/** Another server did not do what was asked. Says whether asking again later can help. */
export class RemoteError extends HemlineError {
  override name = "RemoteError";
  readonly retry: boolean;
  /** Seconds the other server asked us to wait. */
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, detail: string, retry: boolean, retryAfter?: number) {
    super(code, detail);
    this.retry = retry;
    this.retryAfter = retryAfter;
  }
}

/** Statuses after which the same request may succeed later; 404 because CDNs lag behind uploads. */
export function mayRetry(status: number): boolean {
  return [404, 408, 425, 429].includes(status) || status >= 500;
}
