import type { Env } from "../app.ts";
import { HemlineError } from "../errors.ts";
import { PERIOD, TIERS, type Tier } from "./tiers.ts";

/** Counts one request of `key`. Throws `rate_limited` past the tier's limit. */
export async function limit(env: Env, tier: Tier, key: string): Promise<void> {
  const outcome = await env[TIERS[tier]]?.limit({ key });
  if (outcome?.success !== false) return;
  // Windows begin with the minute, so what is left of this one is known.
  const left = PERIOD - (Math.floor(Date.now() / 1000) % PERIOD);
  throw new HemlineError("rate_limited", `Too many requests: wait ${left} s.`, {
    "retry-after": String(left),
  });
}
