let last: Promise<unknown> = Promise.resolve();

/**
 * Runs one piece of work after another: pictures being decoded share the isolate's memory, so
 * there is only ever one. The rejection of one is its own caller's alone.
 */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = last.then(work);
  last = mine.catch(() => undefined);
  return mine;
}
