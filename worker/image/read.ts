import { decode } from "./decode.ts";
import { isReadable } from "./limits.ts";
import { prepare } from "./prepare.ts";
import { type ImageService, shrink } from "./service.ts";
import { type Header, sniff } from "./sniff.ts";

/**
 * A sniffed file to the network's input: size * size RGB pixels, upright. Decoded here, or by way of
 * the image service where that is bound and the picture is too much for the decoders.
 */
export async function readSquare(
  bytes: Uint8Array,
  header: Header,
  service?: ImageService,
): Promise<Uint8Array<ArrayBuffer>> {
  if (service === undefined || isReadable(header)) {
    return prepare(await decode(bytes, header), header.orientation);
  }
  const small = await shrink(bytes, header, service);
  const found = sniff(small);
  return prepare(await decode(small, found), found.orientation);
}
