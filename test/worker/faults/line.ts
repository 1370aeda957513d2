import { handleBatch } from "../../../worker/jobs/queue.ts";
import { type JobsEnv, queueNames } from "../../../worker/jobs/queues.ts";
import type { Job } from "../../../worker/store/row.ts";
import type { TestShop } from "../jobs/workshop.ts";

/** A message, and when it is due. */
interface Waiting {
  job: Job;
  at: number;
}

/** A queue that delivers one message after another on the shop's clock, as the local one does. */
export class Line {
  readonly #waiting: Waiting[] = [];

  constructor(jobs: readonly Job[], at: number) {
    this.#waiting = jobs.map((job) => ({ job, at }));
  }

  /** Delivers until nothing is left, or the clock has come to `end`; where nothing is due, time passes. */
  async work(env: JobsEnv, shop: TestShop, end: number): Promise<void> {
    while (this.#waiting.length > 0 && shop.clock < end) {
      const next = this.#waiting.findIndex(({ at }) => at <= shop.clock);
      const [message] = this.#waiting.splice(Math.max(0, next), 1);
      if (message === undefined) return;
      if (next < 0) {
        // None is due: the one that is first is waited for.
        this.#waiting.push(message);
        shop.clock = Math.min(...this.#waiting.map(({ at }) => at));
        continue;
      }
      await deliver(message.job, env, shop, (seconds) => {
        this.#waiting.push({ job: message.job, at: shop.clock + seconds * 1000 });
      });
    }
  }
}

async function deliver(
  job: Job,
  env: JobsEnv,
  shop: TestShop,
  again: (seconds: number) => void,
): Promise<void> {
  const retry = ({ delaySeconds = 0 }: { delaySeconds?: number } = {}) => again(delaySeconds);
  const messages = [{ id: "m", attempts: 1, body: job, ack: () => undefined, retry }];
  const batch = { queue: queueNames.tagging, messages } as unknown as MessageBatch;
  await handleBatch(batch, env, shop).catch(() => again(1));
}
