import ipaddr from "ipaddr.js";

/**
 * The address at the other end of the connection, for limits by address: an IPv4 address, or an IPv6
 * network of 64 bits (what one customer of a provider has); "unknown" where the host cannot tell. On
 * Cloudflare the platform sets the header and drops a caller's own; anywhere else a header is only
 * what a caller claims, so the host gives the socket's address as `CLIENT_ADDRESS` instead.
 */
export function clientAddress(env: { CLIENT_ADDRESS?: string }, headers: Headers): string {
  const text = env.CLIENT_ADDRESS ?? headers.get("cf-connecting-ip") ?? "";
  if (!ipaddr.isValid(text)) return "unknown";
  const address = ipaddr.parse(text);
  if (address.kind() === "ipv4") return address.toString();
  const v6 = address as Extract<typeof address, { isIPv4MappedAddress(): boolean }>;
  if (v6.isIPv4MappedAddress()) return v6.toIPv4Address().toString();
  const network = v6.parts.slice(0, 4).map((part) => part.toString(16));
  return `${network.join(":")}::/64`;
}
