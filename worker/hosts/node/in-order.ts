/**
 * Does `work` for each item, at most `width` at a time, and yields the results in the items' order.
 * Items are drawn only when there is room: an endless list takes no more memory than a short one.
 */
export async function* inOrder<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  width: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const begun: Promise<R>[] = [];
  for await (const item of items) {
    const one = work(item);
    // Whoever waits for it hears of a rejection; until then it is not unhandled.
    one.catch(() => undefined);
    begun.push(one);
    if (begun.length >= width) yield (await begun.shift()) as R;
  }
  for (const one of begun) yield await one;
}
