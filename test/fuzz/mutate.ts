/** mulberry32: a small generator, so that a seed names a case for ever. */
export function random(seed: number): (below: number) => number {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

type Bytes = Uint8Array<ArrayBuffer>;
type Mutation = (bytes: Bytes, next: (below: number) => number) => Bytes;

const MUTATIONS: Record<string, Mutation> = {
  flip(bytes, next) {
    for (let i = 1 + next(8); i > 0; i--) {
      const at = next(bytes.length);
      bytes[at] = (bytes[at] as number) ^ (1 << next(8));
    }
    return bytes;
  },
  overwrite(bytes, next) {
    const at = next(bytes.length);
    return bytes.fill(next(2) ? next(256) : 0xff, at, at + 1 + next(16));
  },
  /** Headers and tables are most of what can be got wrong. */
  head(bytes, next) {
    for (let i = 1 + next(4); i > 0; i--) bytes[next(Math.min(bytes.length, 700))] = next(256);
    return bytes;
  },
  truncate: (bytes, next) => bytes.subarray(0, 1 + next(bytes.length)),
  trail(bytes, next) {
    const longer = new Uint8Array(bytes.length + 1 + next(200)).fill(next(256));
    longer.set(bytes);
    return longer;
  },
  remove(bytes, next) {
    const at = next(bytes.length);
    const rest = bytes.subarray(at + 1 + next(40));
    return Uint8Array.of(...bytes.subarray(0, at), ...rest);
  },
  repeat(bytes, next) {
    const at = next(bytes.length);
    const end = at + 1 + next(60);
    return Uint8Array.of(...bytes.subarray(0, end), ...bytes.subarray(at));
  },
  /** Puts another marker, or swaps two: for JPEG. */
  marker(bytes, next) {
    const markers: number[] = [];
    for (let i = 0; i + 1 < bytes.length; i++) {
      if (bytes[i] === 0xff && (bytes[i + 1] as number) > 0xbf) markers.push(i + 1);
    }
    if (markers.length === 0) return bytes;
    const [a, b] = [
      markers[next(markers.length)] as number,
      markers[next(markers.length)] as number,
    ];
    [bytes[a], bytes[b]] = [bytes[b] as number, next(2) ? (bytes[a] as number) : 0xc0 + next(64)];
    return bytes;
  },
  /** Big-endian sizes such as dimensions and lengths. */
  size(bytes, next) {
    const at = next(Math.max(1, Math.min(bytes.length, 300) - 4));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const values = [0, 1, 0x7fff, 0xffff, 160, 1280, 8192];
    if (bytes.length > at + 4)
      view.setUint16(at, values[next(values.length)] as number, next(2) === 1);
    return bytes;
  },
};
const NAMES = Object.keys(MUTATIONS);

/** One to three mutations of a copy, by the seed alone. */
export function mutate(original: Bytes, seed: number): { bytes: Bytes; steps: string[] } {
  const next = random(seed);
  let bytes = original.slice();
  const steps: string[] = [];
  for (let i = 1 + next(3); i > 0 && bytes.length > 0; i--) {
    const name = NAMES[next(NAMES.length)] as string;
    bytes = (MUTATIONS[name] as Mutation)(bytes, next).slice();
    steps.push(name);
  }
  return { bytes, steps };
}
