import { Hono } from "hono";
import { z } from "zod";
import { HemlineError } from "../errors.ts";
import type { AnyHost } from "../host.ts";
import { enqueue, type JobsEnv } from "../jobs/queues.ts";
import { erase, type Filter, find, list, restart, restartOne } from "../store/browse.ts";
import { addressOf, statuses, toJson } from "../store/row.ts";
import { requireAdmin } from "./admin.ts";

const filter = z.object({
  source: z.string().optional(),
  status: z.enum(statuses).optional(),
  backfill: z.string().optional(),
  stale_model: z.stringbool().default(false),
  cursor: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** `/v1/assets`: the rows of the work, for whoever runs this. */
export function assets(host: AnyHost): Hono<{ Bindings: JobsEnv }> {
  const app = new Hono<{ Bindings: JobsEnv }>();
  app.use(requireAdmin);

  app.get("/", async (c) => {
    const chosen = readFilter(c.req.query(), host);
    const rows = await list(c.env.DB, chosen);
    const last = rows.at(-1);
    const cursor = rows.length === chosen.limit && last !== undefined ? String(last.seq) : null;
    return c.json({ assets: rows.map(toJson), cursor });
  });

  app.post("/retry", async (c) => {
    const query = c.req.query();
    // Everything at once is too easily meant by nobody.
    if (
      query.source === undefined &&
      query.status === undefined &&
      query.backfill === undefined &&
      query.stale_model === undefined
    ) {
      throw new HemlineError(
        "bad_parameter",
        "Say which: source, status, backfill or stale_model.",
      );
    }
    const chosen = readFilter(query, host);
    const restarted = await restart(c.env.DB, chosen, Date.now());
    const jobs = restarted.map(({ seq: _, ...job }) => job);
    await enqueue(c.env.TAGGING, jobs);
    const oldest = Math.min(...restarted.map(({ seq }) => seq));
    const cursor = restarted.length === chosen.limit ? String(oldest) : null;
    return c.json(
      { assets: jobs.map(({ source, asset }) => addressOf(source, asset)), cursor },
      202,
    );
  });

  app.get("/:source/:id", async (c) => {
    const row = await find(c.env.DB, c.req.param("source"), c.req.param("id"));
    if (row === null) throw unknown();
    return c.json(toJson(row));
  });

  app.delete("/:source/:id", async (c) => {
    if (!(await erase(c.env.DB, c.req.param("source"), c.req.param("id")))) throw unknown();
    return c.body(null, 204);
  });

  app.post("/:source/:id/retry", async (c) => {
    const { source, id } = c.req.param();
    const job = await restartOne(c.env.DB, source, id, Date.now());
    if (job === undefined) throw unknown();
    await enqueue(c.env.TAGGING, [job]);
    return c.json({ status: "accepted", assets: [addressOf(source, id)] }, 202, {
      location: addressOf(source, id),
    });
  });
  return app;
}

function readFilter(query: Record<string, string>, host: AnyHost): Filter {
  const parsed = filter.safeParse(query);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new HemlineError("bad_parameter", `${issue?.path.join(".")}: ${issue?.message}`);
  }
  const { source, status, backfill, stale_model, cursor, limit } = parsed.data;
  return {
    source,
    status,
    backfill,
    notModel: stale_model ? host.model.version : undefined,
    before: cursor,
    limit,
  };
}

const unknown = (): HemlineError => new HemlineError("not_found", "There is no such asset.");
