import { createApp } from "./app.ts";
import type { Host } from "./host.ts";
import { handleBatch } from "./jobs/queue.ts";
import type { JobsEnv } from "./jobs/queues.ts";
import { sweep } from "./jobs/sweep.ts";
import { workshop } from "./jobs/workshop.ts";

const host: Host = {
  get model(): never {
    throw new Error("no network is built");
  },
  tagger() {
    throw new Error("no network is built");
  },
};
const app = createApp(host);

export default {
  fetch: app.fetch,
  queue: (batch, env) => handleBatch(batch, env, workshop(env, host)),
  scheduled: (_controller, env) => sweep(env, workshop(env, host)),
} satisfies ExportedHandler<JobsEnv>;
