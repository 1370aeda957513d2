import { RemoteError } from "./remote-error.ts";

/** Which addresses may be asked for. Closed by default: both lists empty allow nothing. */
export interface Policy {
  /** Host names ("cdn.example.com") or their sub-domains ("*.example.com"); https on its own port only. */
  hosts: readonly string[];
  /** Exact origins ("http://127.0.0.1:1337") exempt from the rules on scheme, address and port; development only. */
  origins: readonly string[];
}

/** Names that never leave a machine or a private network (RFC 6761, RFC 6762, RFC 8375, ICANN .internal). */
const privateSuffixes = [
  "localhost",
  "local",
  "internal",
  "lan",
  "home",
  "corp",
  "intranet",
  "home.arpa",
  "test",
  "invalid",
  "onion",
];

/**
 * The URL, if the policy lets it through; throws `url_not_allowed` otherwise. Works on the PARSED
 * address: the WHATWG parser has already turned 0x7f000001, 017700000001, 127.1 and full-width digits
 * into plain dotted IPv4, so one pattern catches every notation.
 */
export function checkUrl(raw: string, policy: Policy, relativeTo?: string): URL {
  let url: URL;
  try {
    url = new URL(raw, relativeTo);
  } catch {
    throw refuse("It is not a URL.");
  }
  if (url.username !== "" || url.password !== "")
    throw refuse("It carries a user name or password.");
  if (policy.origins.includes(url.origin)) return url;
  if (url.protocol !== "https:") throw refuse("Only https is fetched.");
  if (url.port !== "") throw refuse("It names a port.");
  const reason = whyPrivate(url.hostname);
  if (reason !== null) throw refuse(reason);
  const host = bare(url.hostname);
  if (!policy.hosts.some((allowed) => matches(host, allowed)))
    throw refuse("Its host is not on the allow-list.");
  return url;
}

/** Why a parsed host name can never be public, or null where it may be. */
export function whyPrivate(hostname: string): string | null {
  const host = bare(hostname);
  if (host.startsWith("[") || /^\d+(\.\d+){3}$/.test(host)) return "It is an IP address.";
  if (!host.includes(".")) return "Its host is not a public name.";
  if (privateSuffixes.some((suffix) => host.endsWith(`.${suffix}`)))
    return "Its host is not a public name.";
  return null;
}

function matches(host: string, allowed: string): boolean {
  return allowed.startsWith("*.") ? host.endsWith(allowed.slice(1)) : host === allowed;
}

/** Without the root's dot: "example.com." is the same host. */
const bare = (hostname: string): string => hostname.replace(/\.$/, "");

const refuse = (why: string): RemoteError =>
  new RemoteError("url_not_allowed", `The address cannot be fetched. ${why}`, false);
