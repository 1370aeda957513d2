import type { Env } from "./app.ts";

/**
 * The caller's IP address. A host that sees the connection (Node) says so in `CLIENT_ADDRESS`, and no
 * header is believed there. On Cloudflare nobody but the platform can set `cf-connecting-ip`.
 *
 * Undefined where neither is there, as in a local workerd.
 */
export function clientAddress({ CLIENT_ADDRESS }: Env, headers: Headers): string | undefined {
  return CLIENT_ADDRESS ?? headers.get("cf-connecting-ip") ?? undefined;
}
