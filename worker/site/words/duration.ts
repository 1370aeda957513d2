import { say } from "./words.ts";

/** Seconds as a person says them. */
export function duration(seconds: number): string {
  if (seconds < 90) return say("seconds", { n: seconds });
  if (seconds < 90 * 60) return say("minutes", { n: Math.ceil(seconds / 60) });
  return say("hours", { n: Math.ceil(seconds / 3600) });
}
