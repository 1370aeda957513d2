import { ARRIVED, GENERATION, PICTURES, STOP } from "./plan";

/**
 * Looks so often before it sleeps, some 50 microseconds: stragglers are closer behind than that, and
 * to be woken takes as long.
 */
const SPINS: i32 = 40000;
/** A helper that is gone for so long (ns) is taken for dead, and the call traps. */
const PATIENCE: i64 = 10_000_000_000;

/** Until all threads are here. Plain memory has one thread, and nothing to wait for. */
// @ts-ignore: decorator
@inline
export function barrier(plan: usize, threads: i32): void {
  if (!ASC_FEATURE_THREADS) return;
  if (threads > 1) meet(plan, threads);
}

function meet(plan: usize, threads: i32): void {
  const generation = atomic.load<i32>(plan, GENERATION);
  if (atomic.add<i32>(plan, 1, ARRIVED) == threads - 1) {
    atomic.store<i32>(plan, 0, ARRIVED);
    atomic.store<i32>(plan, generation + 1, GENERATION);
    atomic.notify(plan + GENERATION);
    return;
  }
  for (let i = 0; i < SPINS; i++) {
    if (atomic.load<i32>(plan, GENERATION) != generation) return;
  }
  while (atomic.load<i32>(plan, GENERATION) == generation) {
    if (atomic.wait<i32>(plan + GENERATION, generation, PATIENCE) == AtomicWaitResult.TIMED_OUT) unreachable();
  }
}

/** Lets the helpers begin the next picture. */
export function release(plan: usize): void {
  atomic.add<i32>(plan, 1, PICTURES);
  atomic.notify(plan + PICTURES);
}

/** Waits for a picture after number `seen`; false: there are none any more. */
export function pictureAfter(plan: usize, seen: i32): bool {
  while (atomic.load<i32>(plan, PICTURES) == seen) {
    if (atomic.load<i32>(plan, STOP) != 0) return false;
    atomic.wait<i32>(plan + PICTURES, seen);
  }
  return atomic.load<i32>(plan, STOP) == 0;
}
