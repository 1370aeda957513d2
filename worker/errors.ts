import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Problem } from "./schemas/problem.ts";

/** Every error a caller can meet: its stable code, HTTP status and title. */
export const ERRORS = {
  bad_parameter: [400, "A parameter is not valid"],
  bad_request: [400, "The request is not valid"],
  empty_body: [400, "The picture is empty"],
  unauthorized: [401, "Not authorised"],
  closed: [403, "This service is closed"],
  url_not_allowed: [403, "This address is not fetched"],
  not_found: [404, "Not found"],
  method_not_allowed: [405, "Method not allowed"],
  body_timeout: [408, "The body came too slowly"],
  body_too_large: [413, "The body has too many bytes"],
  image_too_large: [413, "The picture has too many bytes"],
  too_many_pixels: [413, "The picture has too many pixels"],
  unsupported_type: [415, "Not a supported type of picture"],
  corrupt_image: [422, "The picture cannot be decoded"],
  rate_limited: [429, "Too many requests"],
  unhealthy: [503, "The network does not work"],
  busy: [503, "Too many at once"],
  internal: [500, "Something failed here"],
  not_on_this_host: [501, "Only the Worker does this"],
  bad_configuration: [500, "The Worker is not set up for this"],
  fetch_failed: [502, "The picture could not be fetched"],
  image_service_failed: [502, "Cloudflare Images failed"],
  cms_refused: [502, "The CMS refused"],
  cms_gone: [502, "The CMS no longer has the picture"],
  cms_conflict: [502, "The picture changed in the CMS meanwhile"],
  cms_unavailable: [502, "The CMS did not answer as it should"],
  fetch_timeout: [504, "The picture did not arrive in time"],
} as const satisfies Record<string, readonly [ContentfulStatusCode, string]>;

export type ErrorCode = keyof typeof ERRORS;

/** Thrown anywhere in the worker; `app.ts` turns it into a response. */
export class HemlineError extends Error {
  override name = "HemlineError";
  readonly code: ErrorCode;
  /** For people: what is wrong with this request. Never holds secrets. */
  readonly detail: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(`${code}: ${detail}`);
    this.code = code;
    this.detail = detail;
    this.headers = headers;
  }

  get status(): ContentfulStatusCode {
    return ERRORS[this.code][0];
  }

  get title(): string {
    return ERRORS[this.code][1];
  }
}

/** What is told of any failure (RFC 9457); `type` is about:blank (section 4.2.1): `code` tells them apart. */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof HemlineError)) {
    return problemOf(new HemlineError("internal", "The failure has been logged."));
  }
  const { code, detail, status, title } = error;
  return { title, status, detail, code };
}

/** The error as an RFC 9457 problem document. */
export function problem(error: HemlineError): Response {
  return new Response(JSON.stringify(problemOf(error)), {
    status: error.status,
    headers: { ...error.headers, "content-type": "application/problem+json" },
  });
}
