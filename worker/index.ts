import { createApp } from "./app.ts";
import { workerd } from "./hosts/workerd.ts";
import { handleBatch } from "./jobs/queue.ts";
import type { JobsEnv } from "./jobs/queues.ts";
import { sweep } from "./jobs/sweep.ts";
import { workshop } from "./jobs/workshop.ts";

const app = createApp(workerd);

export default {
  fetch: app.fetch,
  queue: (batch, env) => handleBatch(batch, env, workshop(env, workerd)),
  scheduled: (_controller, env) => sweep(env, workshop(env, workerd)),
} satisfies ExportedHandler<JobsEnv>;
