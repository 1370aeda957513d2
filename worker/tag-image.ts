import type { Language } from "../model/names.ts";
import { describe } from "./describe.ts";
import type { AnyHost } from "./host.ts";
import { readSquare } from "./image/read.ts";
import type { ImageService } from "./image/service.ts";
import { sniff } from "./image/sniff.ts";
import type { MapFile } from "./maps/map.ts";
import type { Tags } from "./schemas/tags.ts";

export interface TagOptions {
  /** The best so many of the category and of each attribute group, 1..20, whatever they score. */
  top?: number | undefined;
  /** Adds each label's name in this language. */
  lang?: Language | undefined;
  /** Gives a customer's own words in place of the labels. */
  map?: MapFile | undefined;
  /** Adds the maps that show where the network looked. */
  explain?: boolean | undefined;
  /** Reads what is too much for the decoders. */
  images?: ImageService | undefined;
}

/** A picture file goes in, tags come out. Throws `HemlineError` for a file that cannot be read. */
export async function tagImage(
  bytes: Uint8Array,
  options: TagOptions,
  host: AnyHost,
): Promise<Tags> {
  if ("tag" in host) return host.tag(bytes, options);
  const header = sniff(bytes);
  const square = await readSquare(bytes, header, options.images);
  const outputs = host.tagger().infer(square, { explain: options.explain ?? false });
  return describe(outputs, square, header, options, host.model);
}
