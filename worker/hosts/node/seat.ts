import { Worker } from "node:worker_threads";
import type { Answer, Setup, Started, Task } from "./messages.ts";

/** What happens to a seat; each at most once at a time, in the order of the thread's life. */
export interface SeatEvents {
  started(seat: Seat, what: Started): void;
  answered(seat: Seat, answer: Answer): void;
  /** The thread is gone, for whatever reason; nothing follows. */
  ended(seat: Seat, reason: string): void;
}

/** One running thread. While it is idle it does not keep the process alive. */
export class Seat {
  readonly #worker: Worker;
  #state: "starting" | "idle" | "busy" = "starting";
  #reason: string | undefined;

  constructor(program: URL, env: NodeJS.ProcessEnv, setup: Setup, events: SeatEvents) {
    this.#worker = new Worker(program, { env, workerData: setup, stdout: true });
    // A program's output is its own: what a thread has to say is a message to people.
    this.#worker.stdout.on("data", (text) => process.stderr.write(text));
    this.#worker.on("message", (message: Started | Answer) => {
      const started = this.#state === "starting";
      this.#state = "idle";
      this.#worker.unref();
      if (started) events.started(this, message as Started);
      else events.answered(this, message as Answer);
    });
    this.#worker.on("error", (error) => {
      this.#reason ??= String(error);
    });
    this.#worker.on("exit", (code) => events.ended(this, this.#reason ?? `exit code ${code}`));
  }

  get idle(): boolean {
    return this.#state === "idle";
  }

  give(task: Task): void {
    this.#state = "busy";
    this.#worker.ref();
    const bytes = typeof task.picture === "string" ? [] : [task.picture.buffer];
    this.#worker.postMessage(task, bytes);
  }

  /** Ends the thread, whatever it is doing. */
  async end(reason?: string): Promise<void> {
    this.#reason ??= reason;
    this.#worker.ref();
    await this.#worker.terminate();
  }
}
