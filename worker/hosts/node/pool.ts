import type { Tags } from "../../describe.ts";
import { HemlineError } from "../../errors.ts";
import type { Answer, Setup, Started, Task } from "./messages.ts";
import { Seat } from "./seat.ts";

export interface PoolOptions {
  /** What each thread runs; it speaks `messages.ts`. */
  program: URL;
  threads: number;
  /** The most pictures that wait for a thread. */
  queue: number;
  /** A picture may take so long, in ms; then its thread is ended. */
  limit: number;
  env: NodeJS.ProcessEnv;
  setup: Setup;
}

interface Job {
  task: Task;
  resolve(tags: Tags): void;
  reject(error: unknown): void;
  /** Stops listening for the caller's signal. */
  release(): void;
}

const RETRY_SECONDS = 1;

/**
 * Threads that tag whole pictures, and a bounded queue before them. Not a library's pool: those end
 * the thread of a task that is called off, and a thread of ours costs half a second to start.
 */
export class Pool {
  readonly #options: PoolOptions;
  readonly #seats = new Set<Seat>();
  readonly #running = new Map<Seat, { job: Job; timer: NodeJS.Timeout }>();
  readonly #waiting: Job[] = [];
  readonly #first = Promise.withResolvers<Started>();
  #closing: PromiseWithResolvers<void> | undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#first.promise.catch(() => undefined);
    this.#fill();
  }

  /** Resolves when the first thread is ready. Rejects where threads cannot start. */
  get started(): Promise<Started> {
    return this.#first.promise;
  }

  /**
   * A picture's tags. `signal` calls off a picture that waits; one already in a thread is let run
   * and forgotten. Throws `busy` where the queue is full, `internal` where the thread died.
   */
  run(task: Task, signal?: AbortSignal): Promise<Tags> {
    const { promise, resolve, reject } = Promise.withResolvers<Tags>();
    if (signal?.aborted) throw signal.reason;
    if (this.#closing) throw new Error("the tagger is closed");
    const places = this.#waiting.length - [...this.#seats].filter(({ idle }) => idle).length;
    if (places >= this.#options.queue) {
      const detail = "Too many pictures wait already. Send this one again shortly.";
      throw new HemlineError("busy", detail, { "retry-after": String(RETRY_SECONDS) });
    }
    const abort = () => {
      const at = this.#waiting.indexOf(job);
      if (at >= 0) this.#waiting.splice(at, 1);
      reject(signal?.reason);
      this.#settle();
    };
    signal?.addEventListener("abort", abort, { once: true });
    const release = () => signal?.removeEventListener("abort", abort);
    const job: Job = { task, resolve, reject, release };
    this.#waiting.push(job);
    this.#fill();
    this.#next();
    return promise;
  }

  /** Takes no more pictures, finishes those that it has, and ends the threads. */
  async close(): Promise<void> {
    this.#closing ??= Promise.withResolvers();
    this.#settle();
    await this.#closing.promise;
    await Promise.all([...this.#seats].map((seat) => seat.end()));
  }

  /** Starts the threads that are missing. */
  #fill(): void {
    const { program, env, setup, threads } = this.#options;
    while (this.#seats.size < threads) {
      const seat: Seat = new Seat(program, env, setup, {
        started: (_, what) => {
          this.#first.resolve(what);
          this.#next();
        },
        answered: (_, answer) => this.#answered(seat, answer),
        ended: (_, reason) => this.#ended(seat, reason),
      });
      this.#seats.add(seat);
    }
  }

  #next(): void {
    for (const seat of this.#seats) {
      if (!seat.idle) continue;
      const job = this.#waiting.shift();
      if (job === undefined) break;
      const late = () => seat.end(`it took more than ${this.#options.limit} ms`);
      const timer = setTimeout(late, this.#options.limit).unref();
      this.#running.set(seat, { job, timer });
      seat.give(job.task);
    }
    this.#settle();
  }

  #answered(seat: Seat, answer: Answer): void {
    const job = this.#take(seat);
    if ("tags" in answer) job?.resolve(answer.tags);
    else job?.reject(errorOf(answer));
    this.#next();
  }

  #ended(seat: Seat, reason: string): void {
    this.#seats.delete(seat);
    const job = this.#take(seat);
    if (job !== undefined) {
      job.reject(new HemlineError("internal", `The picture's thread died: ${reason}.`));
      if (!this.#closing || this.#waiting.length > 0) this.#fill();
    } else if (this.#seats.size === 0) {
      // It never started. Starting the next at once would go on for ever: the next picture does.
      const error = new Error(`no thread can start: ${reason}`);
      this.#first.reject(error);
      for (const waiting of this.#waiting.splice(0)) waiting.reject(error);
    }
    this.#next();
  }

  /** The job that the seat had, no longer its own. */
  #take(seat: Seat): Job | undefined {
    const running = this.#running.get(seat);
    this.#running.delete(seat);
    clearTimeout(running?.timer);
    running?.job.release();
    return running?.job;
  }

  #settle(): void {
    if (this.#running.size === 0 && this.#waiting.length === 0) this.#closing?.resolve();
  }
}

function errorOf(answer: Exclude<Answer, { tags: Tags }>): Error {
  if ("failed" in answer) return new Error(answer.failed);
  const { code, detail, headers } = answer.refused;
  return new HemlineError(code, detail, headers);
}
