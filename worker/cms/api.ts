import { z } from "zod";
import { whyPrivate } from "../fetch/check-url.ts";
import type { Transport } from "../fetch/follow.ts";
import { mayRetry, RemoteError } from "../fetch/remote-error.ts";
import { retryAfter } from "../fetch/retry-after.ts";
import { readLimited } from "../read-limited.ts";

/** Calls a CMS's own API. Answers are parsed with the given schema, never trusted as they are. */
export interface CmsApi {
  call<T>(schema: z.ZodType<T>, path: string, request?: ApiRequest): Promise<T>;
}

export interface ApiRequest {
  method?: "GET" | "POST" | "PUT" | "PATCH";
  headers?: Record<string, string>;
  json?: unknown;
  form?: FormData | URLSearchParams;
  /** Answers this instead of failing where the CMS says 404. */
  missing?: unknown;
}

const timeout = 15_000;
const maxAnswer = 4 * 1024 * 1024;

/**
 * The API under `base`. Paths are joined to it, so that the access token never leaves the configured
 * origin; redirects are refused for the same reason.
 */
export function cmsApi(
  base: string,
  authorization: Record<string, string>,
  development: boolean,
  transport: Transport = fetch,
): CmsApi {
  const root = new URL(base);
  if (!development && whyPrivate(root.hostname) !== null) {
    throw new RemoteError("url_not_allowed", "The CMS's address is not a public one.", false);
  }
  return {
    async call(schema, path, request = {}) {
      const url = new URL(base.replace(/\/$/, "") + path);
      if (url.origin !== root.origin)
        throw new RemoteError("url_not_allowed", "The path leaves the CMS's origin.", false);
      const response = await send(url, request, authorization, transport);
      if (response.status === 404 && "missing" in request) {
        await response.body?.cancel();
        return schema.parse(request.missing);
      }
      if (!response.ok) throw await refusal(response);
      const bytes = await readAnswer(response);
      const parsed = schema.safeParse(parseJson(bytes));
      if (!parsed.success)
        throw garbled(
          `an unexpected answer (${z.prettifyError(parsed.error).replace(/\s+/g, " ")})`,
        );
      return parsed.data;
    },
  };
}

async function send(
  url: URL,
  request: ApiRequest,
  authorization: Record<string, string>,
  transport: Transport,
): Promise<Response> {
  const json = request.json === undefined ? undefined : JSON.stringify(request.json);
  const body = json ?? request.form;
  try {
    return await transport(url.href, {
      method: request.method ?? "GET",
      headers: {
        accept: "application/json",
        ...(json === undefined ? {} : { "content-type": "application/json" }),
        ...authorization,
        ...request.headers,
      },
      ...(body === undefined ? {} : { body }),
      redirect: "manual",
      signal: AbortSignal.timeout(timeout),
    });
  } catch {
    throw new RemoteError("cms_unavailable", "The CMS could not be reached.", true);
  }
}

/** What a refusal means for the job: wait, start again from a fresh read, or give up until somebody acts. */
async function refusal(response: Response): Promise<RemoteError> {
  await response.body?.cancel();
  const { status } = response;
  if (status === 409 || status === 412)
    return new RemoteError("cms_conflict", "The CMS's asset changed meanwhile.", true);
  if (status === 404 || status === 410)
    return new RemoteError("cms_gone", "The CMS no longer has the asset.", false);
  const wait = retryAfter(response.headers.get("retry-after"), Date.now());
  if (mayRetry(status))
    return new RemoteError("cms_unavailable", `The CMS answered ${status}.`, true, wait);
  return new RemoteError("cms_refused", `The CMS refused with ${status}.`, false);
}

const garbled = (what: string): RemoteError =>
  new RemoteError("cms_unavailable", `The CMS sent ${what}.`, true);

async function readAnswer(response: Response): Promise<Uint8Array> {
  try {
    return await readLimited(response, maxAnswer, () => garbled("an answer that is too large"));
  } catch (error) {
    throw error instanceof RemoteError ? error : garbled("half an answer");
  }
}

function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return null;
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw garbled("something that is not JSON");
  }
}
