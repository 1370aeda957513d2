import { PERIOD, type RateLimiter, type RateLimits } from "../../access/tiers.ts";

/** As in wrangler.toml: requests of one address or key in a minute. */
const LIMITS = {
  RATE_DEMO: 10,
  RATE_PUBLIC: 120,
  RATE_FAILED: 30,
  RATE_STANDARD: 600,
  RATE_HIGH: 6000,
} as const satisfies Record<keyof RateLimits, number>;

/** The rate-limit bindings of a Node process: counted in its memory, in windows that begin with the minute. */
export function nodeRateLimits(now: () => number = Date.now): Required<RateLimits> {
  const made = Object.entries(LIMITS).map(([name, most]) => [name, counter(most, now)]);
  return Object.fromEntries(made) as Required<RateLimits>;
}

function counter(most: number, now: () => number): RateLimiter {
  let window = 0;
  const counts = new Map<string, number>();
  return {
    async limit({ key }) {
      const current = Math.floor(now() / (PERIOD * 1000));
      if (current !== window) counts.clear();
      window = current;
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      return { success: count <= most };
    },
  };
}
