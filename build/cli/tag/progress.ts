const BAR = 24;
const DRAW_MS = 100;
const LINE_MS = 10_000;

/** How far it has come: a bar on a terminal, elsewhere a line every ten seconds. */
export class Progress {
  readonly #total: number;
  readonly #terminal = process.stderr.isTTY;
  readonly #began = performance.now();
  #last = this.#began;
  #drawn = false;
  done = 0;
  failed = 0;

  constructor(total: number) {
    this.#total = total;
  }

  step(failed: boolean): void {
    this.done++;
    if (failed) this.failed++;
    const now = performance.now();
    if (now - this.#last < (this.#terminal ? DRAW_MS : LINE_MS)) return;
    this.#last = now;
    this.clear();
    process.stderr.write(this.#terminal ? this.#bar() : `hemline: ${this.#count()}\n`);
    this.#drawn = this.#terminal;
  }

  /** Makes room for a line of something else. */
  clear(): void {
    if (this.#drawn) process.stderr.write("\r\x1b[2K");
    this.#drawn = false;
  }

  /** What came of it, in words. */
  summary(): string {
    const seconds = (performance.now() - this.#began) / 1000;
    const rate = (this.done / seconds).toFixed(1);
    const failed = this.failed > 0 ? `, ${this.failed} failed` : "";
    return `${this.done - this.failed} tagged${failed} in ${seconds.toFixed(1)} s (${rate} a second)`;
  }

  #bar(): string {
    const full = Math.round((this.done / this.#total) * BAR);
    return `[${"#".repeat(full)}${"-".repeat(BAR - full)}] ${this.#count()}`;
  }

  #count(): string {
    const elapsed = performance.now() - this.#began;
    const left = Math.ceil(((elapsed / this.done) * (this.#total - this.done)) / 1000);
    const failed = this.failed > 0 ? `, ${this.failed} failed` : "";
    return `${this.done}/${this.#total}${failed}, ${left} s left`;
  }
}
