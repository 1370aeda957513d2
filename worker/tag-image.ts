import { describe, type Tags } from "./describe.ts";
import type { AnyHost } from "./host.ts";
import { decode } from "./image/decode.ts";
import { prepare } from "./image/prepare.ts";
import { sniff } from "./image/sniff.ts";

export interface TagOptions {
  /** The best so many of the category and of each attribute group, 1..20, whatever they score. */
  top?: number;
}

/** A picture file goes in, tags come out. Throws `HemlineError` for a file that cannot be read. */
export async function tagImage(
  bytes: Uint8Array,
  options: TagOptions,
  host: AnyHost,
): Promise<Tags> {
  if ("tag" in host) return host.tag(bytes, options);
  const header = sniff(bytes);
  const stored = await decode(bytes, header);
  const square = prepare(stored, header.orientation);
  const outputs = host.tagger().infer(square);
  return describe(outputs, square, header, options, host.model);
}
