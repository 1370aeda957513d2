/** One bump allocator: a decode reserves what its header asks for, the next one starts anew. */
const PAGE: usize = 65536;

let top: usize = 0;
let budget: usize = 0;

/** Forgets all reservations; `limit` bounds the whole memory, in bytes. */
export function resetMemory(limit: usize): void {
  top = (__heap_base + 15) & ~15;
  budget = limit;
}

/** `bytes` zeroed bytes, 16-aligned, or 0 where they pass the budget. */
export function reserve(bytes: u64): usize {
  const end = <u64>top + ((bytes + 15) & ~15);
  if (end > <u64>budget) return 0;
  const have = <u64>memory.size() * PAGE;
  if (end > have) {
    const pages = <i32>((end - have + PAGE - 1) / PAGE);
    if (memory.grow(pages) < 0) return 0;
  }
  const start = top;
  top = <usize>end;
  memory.fill(start, 0, top - start);
  return start;
}
