/**
 * Seconds of a Retry-After header (RFC 9110, section 10.2.3: seconds or a date), at most a day;
 * undefined where it is absent or makes no sense.
 */
export function retryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) : (Date.parse(header) - now) / 1000;
  return Number.isFinite(seconds) && seconds >= 0
    ? Math.min(Math.ceil(seconds), 86_400)
    : undefined;
}
