/** Tries of one call; D1 asks its callers to repeat what failed in passing. */
const TRIES = 4;
const FIRST_WAIT = 20;

/**
 * A database whose calls are repeated when they fail. Every statement of this folder may run twice: one
 * that was executed though its answer was lost changes nothing the second time, or leaves a row to the
 * sweep. Errors in the statement itself come through at once.
 */
export function steady(db: D1Database): D1Database {
  const statement = (inner: D1PreparedStatement): D1PreparedStatement =>
    Object.assign(Object.create(inner) as D1PreparedStatement, {
      inner,
      bind: (...values: unknown[]) => statement(inner.bind(...values)),
      first: (column?: string) =>
        again(() => (column === undefined ? inner.first() : inner.first(column))),
      all: () => again(() => inner.all()),
      run: () => again(() => inner.run()),
    });
  return Object.assign(Object.create(db) as D1Database, {
    prepare: (sql: string) => statement(db.prepare(sql)),
    batch: (list: D1PreparedStatement[]) =>
      again(() => db.batch(list.map((one) => ("inner" in one ? one.inner : one) as typeof one))),
  });
}

async function again<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (attempt === TRIES || isOurs(error)) throw error;
      // Callers that failed together do not come back together.
      const wait = FIRST_WAIT * 4 ** (attempt - 1) * (0.5 + Math.random());
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

/** A wrong statement stays wrong. */
const isOurs = (error: unknown): boolean =>
  /SQLITE_(ERROR|CONSTRAINT|MISMATCH)|no such (table|column)/.test(String(error));

/** The environment with its database steady: one for each environment, which never changes. */
export function withSteadyDb<E extends { DB: D1Database | undefined }>(env: E): E {
  if (env.DB === undefined) return env;
  const known = made.get(env) as E | undefined;
  if (known !== undefined) return known;
  const better = { ...env, DB: steady(env.DB) };
  made.set(env, better);
  return better;
}

const made = new WeakMap<object, object>();
