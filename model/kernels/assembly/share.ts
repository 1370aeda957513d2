/** How `threads` divide work: thread `thread` does items `begin` up to `end`. */
// @ts-ignore: decorator
@inline
export function begin(items: i32, thread: i32, threads: i32): i32 {
  return (items * thread) / threads;
}

// @ts-ignore: decorator
@inline
export function end(items: i32, thread: i32, threads: i32): i32 {
  return (items * (thread + 1)) / threads;
}
