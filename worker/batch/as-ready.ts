type Job<T> = () => Promise<T>;

/**
 * Runs jobs, at most `width` at a time, and yields what they give in the order in which they finish.
 * Jobs are drawn only when there is room. A throw, of a job or of their source, ends it all; the
 * source is told when nobody wants more.
 */
export async function* asReady<T>(jobs: AsyncIterable<Job<T>>, width: number): AsyncGenerator<T> {
  const source = jobs[Symbol.asyncIterator]();
  const running = new Set<Promise<Done<T>>>();
  let drawn: Promise<Drawn<T>> | undefined = draw(source);
  try {
    while (drawn !== undefined || running.size > 0) {
      const waiting: Iterable<Promise<Drawn<T> | Done<T>>> =
        drawn !== undefined && running.size < width ? [drawn, ...running] : running;
      const event: Drawn<T> | Done<T> = await Promise.race(waiting);
      if ("job" in event) {
        drawn = event.job === undefined ? undefined : draw(source);
        if (event.job !== undefined) start(event.job, running);
      } else {
        running.delete(event.self());
        yield event.value;
      }
    }
  } finally {
    // A source in the middle of a read ends with its body.
    void source.return?.()?.catch(() => undefined);
  }
}

interface Drawn<T> {
  job: Job<T> | undefined;
}

interface Done<T> {
  value: T;
  self(): Promise<Done<T>>;
}

async function draw<T>(source: AsyncIterator<Job<T>>): Promise<Drawn<T>> {
  const { done, value } = await source.next();
  return { job: done ? undefined : value };
}

function start<T>(job: Job<T>, running: Set<Promise<Done<T>>>): void {
  const promise: Promise<Done<T>> = job().then((value) => ({ value, self: () => promise }));
  // Whoever waits for it hears of a rejection; until then it is not unhandled.
  promise.catch(() => undefined);
  running.add(promise);
}
