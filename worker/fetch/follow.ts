import { checkUrl, type Policy } from "./check-url.ts";
import { RemoteError } from "./remote-error.ts";

/** How a request leaves this host: the platform's fetch, or on Node one that pins checked addresses. */
export type Transport = (url: string, init: RequestInit) => Promise<Response>;

const maxRedirects = 3;

/**
 * A GET that follows at most three redirects, each checked like the first address. Headers given for
 * the first origin (an access token) are dropped as soon as another origin is named.
 */
export async function follow(
  address: string,
  headers: Record<string, string>,
  policy: Policy,
  signal: AbortSignal,
  transport: Transport,
): Promise<Response> {
  let url = checkUrl(address, policy);
  let sent = headers;
  for (let hop = 0; ; hop++) {
    const response = await transport(url.href, {
      headers: { accept: "image/*", ...sent },
      redirect: "manual",
      signal,
    });
    if (![301, 302, 303, 307, 308].includes(response.status)) return response;
    await response.body?.cancel();
    const location = response.headers.get("location");
    if (location === null)
      throw new RemoteError("fetch_failed", "The server redirected to nowhere.", false);
    if (hop === maxRedirects)
      throw new RemoteError("fetch_failed", "The server redirected too often.", false);
    const next = checkUrl(location, policy, url.href);
    if (next.origin !== url.origin) sent = {};
    url = next;
  }
}
