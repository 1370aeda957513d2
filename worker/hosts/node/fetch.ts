import { lookup as resolve } from "node:dns";
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { LookupFunction } from "node:net";
import { Readable } from "node:stream";
import type { Transport } from "../../fetch/follow.ts";
import { isPublicAddress } from "../../fetch/public-address.ts";

/** Thrown by the look-up: the name exists, and points where nothing may be fetched. */
export class PrivateAddress extends Error {
  override name = "PrivateAddress";
}

/**
 * Fetching on Node, where names can be looked up: the address is checked when the connection is made,
 * and the connection goes to that very address, so a name that changes its mind (DNS rebinding) gains
 * nothing. One answer that is not public spoils the name. `exempt`: exact origins of development.
 *
 * The body is passed on as it was sent, never unpacked.
 */
export function nodeTransport(
  exempt: readonly string[] = [],
  lookUp = resolve,
  isPublic = isPublicAddress,
): Transport {
  return (address, { method = "GET", headers, body, signal } = {}) => {
    const url = new URL(address);
    const options = {
      method,
      headers: Object.fromEntries(new Headers(headers ?? {})),
      ...(signal ? { signal } : {}),
      // No pooled connection: one that was made for somebody else was not checked for this name.
      agent: false,
      ...(exempt.includes(url.origin) ? {} : { lookup: guarded(lookUp, isPublic) }),
    } as const;
    const request = url.protocol === "https:" ? requestHttps : requestHttp;
    return new Promise((accept, reject) => {
      // Node looks nothing up for an address, so `lookup` never sees it.
      const literal = url.hostname.replace(/^\[|\]$/g, "");
      if (!exempt.includes(url.origin) && /^[\d.]+$|:/.test(literal) && !isPublic(literal)) {
        return reject(new PrivateAddress(literal));
      }
      const sent = request(url, options, (answer) => accept(toResponse(answer)));
      sent.on("error", reject);
      sent.end(body ?? undefined);
    });
  };
}

function guarded(lookUp: typeof resolve, isPublic: typeof isPublicAddress): LookupFunction {
  return (hostname, options, callback) => {
    lookUp(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, "", 0);
      const [first] = addresses;
      const bad = addresses.find(({ address }) => !isPublic(address));
      if (bad || !first)
        return callback(new PrivateAddress(`${hostname} is ${bad?.address}`), "", 0);
      if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

function toResponse(answer: IncomingMessage): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headersDistinct)) {
    for (const one of value ?? []) headers.append(name, one);
  }
  const status = answer.statusCode ?? 502;
  const empty = [101, 204, 205, 304].includes(status);
  // Node's stream types and the DOM's describe the same object differently.
  const body = Readable.toWeb(answer) as unknown as ReadableStream<Uint8Array>;
  return new Response(empty ? null : body, { status, headers });
}
