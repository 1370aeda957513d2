import { z } from "zod";
import type { Configured } from "../cms/sources.ts";
import { saveFailed } from "../store/work.ts";
import { accept } from "./accept.ts";
import { step } from "./backfill.ts";
import { consume, type Workshop, waitFor } from "./consume.ts";
import { type JobsEnv, queueNames } from "./queues.ts";

const job = z.object({
  source: z.string(),
  asset: z.string(),
  generation: z.number().int(),
  reason: z.string().optional(),
});

/** The queue consumer: tagging jobs, R2's event notifications, and what was given up. */
export async function handleBatch(
  batch: MessageBatch,
  env: JobsEnv,
  shop: Workshop,
): Promise<void> {
  for (const message of batch.messages) {
    if (batch.queue === queueNames.r2Events) await takeR2Event(message, env, shop);
    else if (batch.queue === queueNames.backfills) await runStep(message, env, shop);
    else if (batch.queue === queueNames.deadLetters) await bury(message, shop);
    else await runJob(message, env, shop);
  }
}

async function runJob(message: Message, env: JobsEnv, shop: Workshop): Promise<void> {
  const parsed = job.safeParse(message.body);
  if (!parsed.success) {
    console.error("A message is not a job.", message.id);
    return message.ack();
  }
  const outcome = await consume(parsed.data, shop);
  if (outcome.type === "again") return message.retry({ delaySeconds: outcome.seconds });
  if (outcome.type === "dead")
    await env.DEAD_LETTERS.send({ ...parsed.data, reason: outcome.reason });
  message.ack();
}

/** A step that fails is tried again soon, and by the sweep if the queue gives it up. */
async function runStep(message: Message, env: JobsEnv, shop: Workshop): Promise<void> {
  const parsed = z.object({ backfill: z.string() }).safeParse(message.body);
  try {
    if (parsed.success) await step(parsed.data, env, shop);
    message.ack();
  } catch (error) {
    console.error("A step of a backfill failed; it is tried again.", error);
    message.retry({ delaySeconds: waitFor(message.attempts) });
  }
}

/**
 * The end of the line, for people to look at: the row says failed and why. A message that the platform
 * itself gave up (its consumer was killed every time) arrives without a reason.
 */
async function bury(message: Message, shop: Workshop): Promise<void> {
  const parsed = job.safeParse(message.body);
  if (parsed.success) {
    const { reason = "resource_limit", ...letter } = parsed.data;
    console.error(JSON.stringify({ event: "dead_letter", ...letter, reason }));
    await saveFailed(shop.db, letter, { reason, detail: "The queue gave the job up." }, shop.now());
  }
  message.ack();
}

/** R2 notifies a queue of one's own account; the source is the one with that bucket. */
async function takeR2Event(message: Message, env: JobsEnv, shop: Workshop): Promise<void> {
  for (const [name, { kind, source }] of r2Sources(shop)) {
    try {
      const events = kind.events(message.body, source, { delivery: null });
      await accept(env, name, null, events, shop.now());
    } catch (error) {
      if (!(error instanceof z.ZodError)) throw error;
      console.error(
        "A message is not an R2 event notification.",
        message.id,
        z.prettifyError(error),
      );
    }
  }
  message.ack();
}

function r2Sources(shop: Workshop): [string, Configured][] {
  return [...shop.sources].filter(([, { source }]) => source.options.kind === "r2");
}
