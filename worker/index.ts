import { createApp } from "./app.ts";
import { workerd } from "./hosts/workerd.ts";
import { handleBatch } from "./jobs/queue.ts";
import type { JobsEnv } from "./jobs/queues.ts";
import { sweep } from "./jobs/sweep.ts";
import { workshop } from "./jobs/workshop.ts";
import { withSteadyDb } from "./store/steady.ts";

const app = createApp(workerd);

export default {
  fetch: (request, env, context) => app.fetch(request, withSteadyDb(env), context),
  queue(batch, env) {
    const steady = withSteadyDb(env);
    return handleBatch(batch, steady, workshop(steady, workerd));
  },
  scheduled(_controller, env) {
    const steady = withSteadyDb(env);
    return sweep(steady, workshop(steady, workerd));
  },
} satisfies ExportedHandler<JobsEnv>;
