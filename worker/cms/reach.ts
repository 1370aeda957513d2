import { HemlineError } from "../errors.ts";
import type { Policy } from "../fetch/check-url.ts";
import type { Transport } from "../fetch/follow.ts";
import { type CmsApi, cmsApi } from "./api.ts";
import type { Source } from "./kind.ts";
import type { Configured } from "./sources.ts";

/** From where a source's pictures may be fetched: its hosts, and the CMS itself. */
export function policyOf({ options, development }: Source): Policy {
  const origins = options.hosts.filter((entry) => entry.includes("://"));
  const hosts = options.hosts.filter((entry) => !entry.includes("://"));
  if (options.base !== undefined) {
    const { hostname, origin } = new URL(options.base);
    hosts.push(hostname);
    origins.push(origin);
  }
  return { hosts, origins: development ? origins : [] };
}

/** The CMS's API with the source's token; a source without an address has none to call. */
export function apiOf({ kind, source }: Configured, transport: Transport): CmsApi {
  const { base } = source.options;
  if (base === undefined) {
    const refused = new HemlineError(
      "bad_configuration",
      `The source ${source.name} has no base address.`,
    );
    return { call: () => Promise.reject(refused) };
  }
  const { token } = source;
  const authorize = kind.authorize ?? ((text: string) => ({ authorization: `Bearer ${text}` }));
  return cmsApi(
    base,
    token === undefined ? {} : authorize(token, source),
    source.development,
    transport,
  );
}
