/**
 * Where each map lies: maps that are never alive together share memory. Largest first, each at the
 * lowest address that is free while it lives (Pisarchyk and Lee 2020, "Efficient Memory Management for
 * Deep Neural Net Inference", greedy by size).
 */
import { mapBytes } from "./map.ts";
import type { Program } from "./program.ts";

export interface Arena {
  /** The most bytes that live at once, as placed. */
  bytes: number;
  /** Bytes from the arena's start, by map. */
  offsets: Record<string, number>;
}

/** So that any SIMD load is aligned, and threads do not share cache lines. */
const ALIGNMENT = 64;

interface Life {
  name: string;
  bytes: number;
  /** Operations that first write and last read it. */
  first: number;
  last: number;
  offset: number;
}

export function planArena(program: Program): Arena {
  const placed: Life[] = [];
  for (const life of lives(program).sort((a, b) => b.bytes - a.bytes || a.first - b.first)) {
    life.offset = lowest(
      life.bytes,
      placed.filter((other) => other.first <= life.last && life.first <= other.last),
    );
    placed.push(life);
  }
  return {
    bytes: placed.reduce((most, { offset, bytes }) => Math.max(most, offset + bytes), 0),
    offsets: Object.fromEntries([...program.maps.keys()].map((name) => [name, offsetOf(name)])),
  };

  function offsetOf(name: string): number {
    return placed.find((life) => life.name === name)?.offset ?? 0;
  }
}

function lives({ maps, operations, inputs, outputs }: Program): Life[] {
  return [...maps].map(([name, shape]) => {
    const uses = [...operations.entries()].filter(([, { input, output, residual }]) =>
      [input, output, residual].includes(name),
    );
    const at = uses.map(([i]) => i);
    return {
      name,
      bytes: Math.ceil(mapBytes(shape) / ALIGNMENT) * ALIGNMENT,
      first: inputs.includes(name) ? 0 : Math.min(...at),
      last: outputs.includes(name) ? operations.length : settled(operations, Math.max(...at)),
      offset: 0,
    };
  });
}

/** The operation after which all threads have met, so that what `at` read is read by all. */
function settled(operations: Program["operations"], at: number): number {
  let last = at;
  while (operations[last]?.together) last++;
  return last;
}

/** The lowest offset at which `bytes` fit between the neighbours. */
function lowest(bytes: number, neighbours: Life[]): number {
  let offset = 0;
  for (const other of neighbours.sort((a, b) => a.offset - b.offset)) {
    if (offset + bytes <= other.offset) break;
    offset = Math.max(offset, other.offset + other.bytes);
  }
  return offset;
}
