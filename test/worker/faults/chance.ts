/** A seeded source of chance: the same faults in every run (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A database of which so many calls fail: half of them before anything is done, half afterwards. */
export function failing(db: D1Database, rate: number, random: () => number): D1Database {
  return through(db, async (call) => {
    const luck = random();
    if (luck < rate / 2) throw new Error("D1_ERROR: Network connection lost.");
    const answer = await call();
    if (luck < rate) throw new Error("D1_ERROR: the answer was lost.");
    return answer;
  });
}

/** A database whose every call goes through `maybe`. */
export function through(
  db: D1Database,
  maybe: <T>(call: () => Promise<T>) => Promise<T>,
): D1Database {
  const statement = (inner: D1PreparedStatement): D1PreparedStatement =>
    ({
      inner,
      bind: (...values: unknown[]) => statement(inner.bind(...values)),
      first: (column: string) => maybe(() => (column ? inner.first(column) : inner.first())),
      all: () => maybe(() => inner.all()),
      run: () => maybe(() => inner.run()),
    }) as unknown as D1PreparedStatement;
  return {
    prepare: (sql: string) => statement(db.prepare(sql)),
    batch: (list: { inner: D1PreparedStatement }[]) =>
      maybe(() => db.batch(list.map(({ inner }) => inner))),
  } as unknown as D1Database;
}
