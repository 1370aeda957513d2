import { Hono } from "hono";
import type { z } from "zod";
import { HemlineError } from "../errors.ts";
import type { AnyHost } from "../host.ts";
import { enqueue, type JobsEnv } from "../jobs/queues.ts";
import { ASSET } from "../openapi/examples.ts";
import { json, operation } from "../openapi/operation.ts";
import { query } from "../openapi/validated.ts";
import { Accepted, Asset, AssetPage, Filters, Restarted } from "../schemas/assets.ts";
import { erase, type Filter, find, list, restart, restartOne } from "../store/browse.ts";
import { addressOf, toJson } from "../store/row.ts";
import { requireAdmin } from "./admin.ts";

/** `/v1/assets`: the rows of the work, for whoever runs this. */
export function assets(host: AnyHost): Hono<{ Bindings: JobsEnv }> {
  const app = new Hono<{ Bindings: JobsEnv }>();
  app.use(requireAdmin);

  app.get("/", listing, query(Filters), async (c) => {
    const chosen = filterOf(c.req.valid("query"), host);
    const rows = await list(c.env.DB, chosen);
    const last = rows.at(-1);
    const cursor = rows.length === chosen.limit && last !== undefined ? String(last.seq) : null;
    return c.json({ assets: rows.map(toJson), cursor });
  });

  app.post("/retry", retrying, query(Filters), async (c) => {
    const { source, status, backfill, stale_model } = c.req.query();
    // Everything at once is too easily meant by nobody.
    if ([source, status, backfill, stale_model].every((value) => value === undefined)) {
      const detail = "Say which: source, status, backfill or stale_model.";
      throw new HemlineError("bad_parameter", detail);
    }
    const chosen = filterOf(c.req.valid("query"), host);
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

  app.get("/:source/:id", showing, async (c) => {
    const row = await find(c.env.DB, c.req.param("source"), c.req.param("id"));
    if (row === null) throw unknown();
    return c.json(toJson(row));
  });

  app.delete("/:source/:id", erasing, async (c) => {
    if (!(await erase(c.env.DB, c.req.param("source"), c.req.param("id")))) throw unknown();
    return c.body(null, 204);
  });

  app.post("/:source/:id/retry", restarting, async (c) => {
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

function filterOf(
  { source, status, backfill, stale_model, cursor, limit }: z.infer<typeof Filters>,
  host: AnyHost,
): Filter {
  const notModel = stale_model ? host.model.version : undefined;
  return { source, status, backfill, notModel, before: cursor, limit };
}

const unknown = (): HemlineError => new HemlineError("not_found", "There is no such asset.");

const admin = { chapter: "Assets", access: "admin" } as const;

const listing = operation({
  ...admin,
  summary: "List the work, newest first",
  answers: { 200: { description: "A page of it.", content: json(AssetPage) } },
  errors: ["bad_parameter"],
});

const retrying = operation({
  ...admin,
  summary: "Start many anew",
  description: "One of `source`, `status`, `backfill` and `stale_model` must say which.",
  answers: {
    202: { description: "They are queued; `cursor` leads on.", content: json(Restarted) },
  },
  errors: ["bad_parameter"],
});

const showing = operation({
  ...admin,
  summary: "Show one",
  answers: { 200: { description: "It.", content: json(Asset, ASSET) } },
  errors: ["not_found"],
});

const erasing = operation({
  ...admin,
  summary: "Erase one",
  answers: { 204: { description: "It is erased; what stands in the CMS stays." } },
  errors: ["not_found"],
});

const restarting = operation({
  ...admin,
  summary: "Start one anew",
  answers: { 202: { description: "It is queued.", content: json(Accepted) } },
  errors: ["not_found"],
});
