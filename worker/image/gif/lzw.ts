import { HemlineError } from "../../errors.ts";

const LARGEST = 4096;

/**
 * Unpacks GIF's LZW (GIF89a, appendix F): codes of growing length, least significant bit first.
 *
 * `data`: the sub-blocks joined, `codeSize`: bits of the smallest codes, 2..8. Gives exactly
 * `length` indices; throws `corrupt_image` where there are fewer or a code cannot be.
 */
export function unpack(data: Uint8Array, codeSize: number, length: number): Uint8Array {
  const clear = 1 << codeSize;
  const out = new Uint8Array(length);
  // A code stands for a run of the output: where it began, and how long it is.
  const starts = new Int32Array(LARGEST);
  const lengths = new Int32Array(LARGEST);
  let [bits, held, at, filled] = [0, 0, 0, 0];
  let [width, next, previous] = [codeSize + 1, clear + 2, -1];
  while (filled < length) {
    while (held < width) {
      if (at === data.length) throw damaged();
      bits |= (data[at++] as number) << held;
      held += 8;
    }
    const code = bits & ((1 << width) - 1);
    bits >>>= width;
    held -= width;
    if (code === clear) {
      [width, next, previous] = [codeSize + 1, clear + 2, -1];
      continue;
    }
    if (code === clear + 1 || code > next || (code === next && previous < 0)) throw damaged();
    const begin = filled;
    if (code < clear) out[filled++] = code;
    else {
      if (code >= next && previous < 0) throw damaged();
      // The code that is just being defined is the last run and its own first index.
      const isNew = code === next;
      const from = isNew ? previous : (starts[code] as number);
      const n = isNew ? begin - previous + 1 : (lengths[code] as number);
      for (let i = 0; i < n && filled < length; i++) out[filled++] = out[from + i] as number;
    }
    if (previous >= 0 && next < LARGEST) {
      starts[next] = previous;
      lengths[next] = begin - previous + 1;
      next++;
      if (next === 1 << width && width < 12) width++;
    }
    previous = begin;
  }
  return out;
}

const damaged = () => new HemlineError("corrupt_image", "The GIF's picture data is damaged.");
