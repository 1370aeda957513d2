/** An attempt that failed after so long, ms, hung on the CMS. */
const HUNG = 10_000;
/** So many in a row, and the CMS is left alone. */
const MANY = 3;
const REST = 30_000;

/**
 * CMSs that do not answer. Each of their jobs would wait for the time-out, and the others' jobs behind
 * them: after a few such attempts in a row a source's jobs fail at once, as if they had waited, and only
 * now and then one tries whether the CMS is back.
 */
export class Resting {
  readonly #hung = new Map<string, { times: number; until: number }>();

  /** Whether a job of `source` is not to be tried. Answers no to one job after each rest. */
  has(source: string, now: number): boolean {
    const hung = this.#hung.get(source);
    if (hung === undefined || hung.times < MANY) return false;
    if (now < hung.until) return true;
    hung.until = now + REST;
    return false;
  }

  /** An attempt succeeded, or failed by an answer. */
  answered(source: string): void {
    this.#hung.delete(source);
  }

  /** An attempt failed after `ms`. */
  failed(source: string, ms: number, now: number): void {
    const times = (this.#hung.get(source)?.times ?? 0) + 1;
    if (ms < HUNG) this.answered(source);
    else this.#hung.set(source, { times, until: now + REST });
  }
}
