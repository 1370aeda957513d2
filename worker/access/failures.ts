import type { Context } from "hono";
import type { AppEnv } from "../app.ts";
import { clientAddress } from "../client-address.ts";
import { HemlineError } from "../errors.ts";
import { limit } from "./limit.ts";

/**
 * The error to answer with: keys, tokens and signatures that are not believed are counted by address,
 * and past the limit the answer is `rate_limited`. Honest senders are never counted, however many.
 */
export async function countFailure(error: HemlineError, c: Context<AppEnv>): Promise<HemlineError> {
  if (error.code !== "unauthorized" || c.env.HEMLINE_ENV === "development") return error;
  try {
    await limit(c.env, "failed", clientAddress(c.env, c.req.raw.headers));
    return error;
  } catch (limited) {
    return limited instanceof HemlineError ? limited : error;
  }
}
