import { Hono } from "hono";
import { z } from "zod";
import { readSources } from "../cms/sources.ts";
import { HemlineError } from "../errors.ts";
import { sendStep } from "../jobs/backfill.ts";
import type { JobsEnv } from "../jobs/queues.ts";
import { json, operation } from "../openapi/operation.ts";
import { paced } from "../paced.ts";
import { readLimited } from "../read-limited.ts";
import { BackfillInfo, BackfillList, Order } from "../schemas/backfills.ts";
import {
  type Backfill,
  cancel,
  createBackfill,
  findBackfill,
  listBackfills,
  type NewBackfill,
  pause,
  resume,
} from "../store/backfills.ts";
import { requireAdmin } from "./admin.ts";

const maxBody = 16_384;
const LISTED = 100;

/** `/v1/backfills`: every picture of a bucket, tagged in the background, for whoever runs this. */
export function backfills(): Hono<{ Bindings: JobsEnv }> {
  const app = new Hono<{ Bindings: JobsEnv }>();
  app.use(requireAdmin);

  app.post("/", starting, async (c) => {
    const order = await readOrder(c.req.raw, c.env);
    const backfill = await createBackfill(c.env.DB, order, Date.now());
    await sendStep(c.env, backfill.id);
    const location = `/v1/backfills/${backfill.id}`;
    return c.json(toJson(backfill, Date.now()), 202, { location });
  });

  app.get("/", listing, async (c) => {
    const rows = await listBackfills(c.env.DB, LISTED);
    return c.json({ backfills: rows.map((row) => toJson(row, Date.now())) });
  });

  app.get("/:id", showing, async (c) =>
    c.json(toJson(await known(c.env, c.req.param("id")), Date.now())),
  );

  app.post("/:id/:action{pause|resume|cancel}", steering, async (c) => {
    const { id, action } = c.req.param();
    const { status } = await known(c.env, id);
    if (!FROM[action as Action].includes(status)) {
      throw new HemlineError("bad_request", `A backfill that is ${status} cannot be changed so.`);
    }
    if (action === "pause") await pause(c.env.DB, id);
    if (action === "cancel") await cancel(c.env.DB, id, Date.now());
    if (action === "resume") {
      await resume(c.env.DB, id, Date.now());
      await sendStep(c.env, id);
    }
    return c.json(toJson(await known(c.env, id), Date.now()));
  });
  return app;
}

type Action = "pause" | "resume" | "cancel";

/** From where each step may be taken; taken twice it changes nothing. */
const FROM: Record<Action, Backfill["status"][]> = {
  pause: ["running", "paused"],
  resume: ["paused", "running"],
  cancel: ["running", "paused", "cancelled"],
};

async function readOrder(request: Request, env: JobsEnv): Promise<NewBackfill> {
  const tooLarge = () => new HemlineError("body_too_large", `At most ${maxBody} bytes.`);
  const text = new TextDecoder().decode(await readLimited(paced(request), maxBody, tooLarge));
  const parsed = Order.safeParse(parse(text));
  if (!parsed.success) throw new HemlineError("bad_request", z.prettifyError(parsed.error));
  const { bucket, prefix, results } = parsed.data;
  for (const { source } of readSources(env).ready.values()) {
    const { options } = source;
    if (!("bucket" in options) || options.bucket !== bucket) continue;
    checkResults(results, "binding" in options ? String(options.binding) : "", env);
    return { source: source.name, bucket, prefix, results };
  }
  const detail = `SOURCES has no source of the kind r2 with the bucket ${JSON.stringify(bucket)}.`;
  throw new HemlineError("bad_parameter", detail);
}

/** Results beside the pictures would be found by the next walk, and notified of. */
function checkResults(results: string | null, own: string, env: JobsEnv): void {
  if (results === null) return;
  const bound = env[results];
  if (results === own || typeof bound !== "object" || bound === null || !("list" in bound)) {
    const detail = "`results` names the R2 binding of another bucket of this Worker.";
    throw new HemlineError("bad_parameter", detail);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HemlineError("bad_request", "The body is not JSON.");
  }
}

async function known(env: JobsEnv, id: string): Promise<Backfill> {
  const backfill = await findBackfill(env.DB, id);
  if (backfill === null) throw new HemlineError("not_found", "There is no such backfill.");
  return backfill;
}

/** A walk as the API shows it: counts, pictures a second, and how many seconds are left. */
function toJson(row: Backfill, now: number): BackfillInfo {
  const { id, source, bucket, prefix, results, status, found, skipped, queued } = row;
  const { pending, done, failed } = row;
  const seconds = ((row.finished_at ?? now) - row.since) / 1000;
  const finished = done + failed - row.since_finished;
  const rate = status !== "paused" && seconds > 0 && finished > 0 ? finished / seconds : null;
  const listing = row.listing === 1 && status !== "cancelled";
  const left = status === "running" && !listing && rate !== null ? pending / rate : null;
  const time = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  return {
    id,
    ...{ source, bucket, prefix, results, status, listing, found, skipped },
    // Objects whose version had a row already: tagged by a notification or an earlier walk.
    known: Math.max(0, found - skipped - queued),
    ...{ pending, done, failed },
    rate: rate === null ? null : Math.round(rate * 100) / 100,
    seconds_left: left === null ? null : Math.ceil(left),
    failures: `/v1/assets?backfill=${id}&status=failed`,
    created_at: time(row.created_at),
    finished_at: time(row.finished_at),
  };
}

const admin = { chapter: "Backfills", access: "admin" } as const;

const starting = operation({
  ...admin,
  summary: "Tag a bucket's pictures",
  body: json(Order),
  answers: {
    202: { description: "It has begun; `Location` shows it.", content: json(BackfillInfo) },
  },
  errors: ["bad_request", "bad_parameter", "body_timeout", "body_too_large", "busy"],
});

const listing = operation({
  ...admin,
  summary: "List them, newest first",
  answers: { 200: { description: "At most a hundred.", content: json(BackfillList) } },
});

const showing = operation({
  ...admin,
  summary: "Show one and how far it has come",
  answers: { 200: { description: "It.", content: json(BackfillInfo) } },
  errors: ["not_found"],
});

const steering = operation({
  ...admin,
  summary: "Pause, resume or cancel one",
  description: "`action` is `pause`, `resume` or `cancel`; twice is as good as once.",
  answers: { 200: { description: "It, changed.", content: json(BackfillInfo) } },
  errors: ["not_found", "bad_request"],
});
