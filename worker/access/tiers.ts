/** The window of every limit in wrangler.toml, in seconds. */
export const PERIOD = 60;

/** One rate-limit binding a tier: a binding answers only yes or no to the one limit it was made with. */
export const TIERS = {
  /** By address: without a key, where the demo is on. */
  demo: "RATE_DEMO",
  /** By address: what is public. */
  public: "RATE_PUBLIC",
  /** By address: keys, tokens and signatures that were not believed. */
  failed: "RATE_FAILED",
  /** By key. */
  standard: "RATE_STANDARD",
  high: "RATE_HIGH",
} as const;
export type Tier = keyof typeof TIERS;

/** What a rate-limit binding does. */
export interface RateLimiter {
  limit(options: { key: string }): Promise<{ success: boolean }>;
}

/** The bindings by name; a tier without its binding has no limit. */
export type RateLimits = Partial<Record<(typeof TIERS)[Tier], RateLimiter>>;
