import ipaddr from "ipaddr.js";

/** NAT64 (RFC 6052): what DNS64 answers on an IPv6-only network; the last 32 bits are the IPv4 address. */
const nat64 = ipaddr.IPv6.parseCIDR("64:ff9b::/96");
/** IPv4-compatible addresses (RFC 4291, deprecated), which the library counts as unicast. */
const compatible = ipaddr.IPv6.parseCIDR("::/96");

/**
 * Whether an IP address is a public unicast one. Everything else is refused by default: loopback,
 * private, link-local (169.254 and its metadata services), carrier-grade NAT, 6to4, multicast,
 * reserved. An IPv4 address inside an IPv6 one (mapped, NAT64) is judged by itself.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.range() === "unicast";
  if (parsed.match(nat64)) {
    const [high = 0, low = 0] = parsed.parts.slice(6);
    return isPublicAddress([high >> 8, high & 255, low >> 8, low & 255].join("."));
  }
  return parsed.range() === "unicast" && !parsed.match(compatible);
}
