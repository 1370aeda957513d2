import { Plain, say } from "../setup/say.mjs";
import { command } from "./command.ts";
import { settings } from "./settings.ts";

interface Options {
  worker: string;
  source: string | undefined;
  status: string | undefined;
  backfill: string | undefined;
  staleModel: boolean;
}

export const assetsRetry = command(
  {
    usage:
      "  hemline assets:retry [--source name] [--status failed] [--backfill id] [--stale-model] [--worker http://127.0.0.1:8787]",
    options: {
      source: { type: "string" },
      status: { type: "string" },
      backfill: { type: "string" },
      "stale-model": { type: "boolean", default: false },
      worker: { type: "string", default: "http://127.0.0.1:8787" },
    },
  },
  (_, { source, status, backfill, "stale-model": staleModel, worker }) =>
    retry({ worker: worker.replace(/\/$/, ""), source, status, backfill, staleModel }),
);

/** Starts rows anew, page by page: failed ones, or those that an older model tagged. */
async function retry({ worker, source, status, backfill, staleModel }: Options): Promise<void> {
  const token = settings().HEMLINE_ADMIN_TOKEN;
  if (!token) throw new Plain("HEMLINE_ADMIN_TOKEN is not set, neither here nor in .dev.vars.");
  let total = 0;
  for (let cursor: string | null = ""; cursor !== null; ) {
    const query = new URLSearchParams({ limit: "200" });
    if (source !== undefined) query.set("source", source);
    if (status !== undefined) query.set("status", status);
    if (backfill !== undefined) query.set("backfill", backfill);
    if (staleModel) query.set("stale_model", "true");
    if (cursor !== "") query.set("cursor", cursor);
    const init = { method: "POST", headers: { authorization: `Bearer ${token}` } };
    const response = await fetch(`${worker}/v1/assets/retry?${query}`, init);
    const text = await response.text();
    if (!response.ok) throw new Plain(text);
    const page = JSON.parse(text) as { assets: string[]; cursor: string | null };
    total += page.assets.length;
    cursor = page.cursor;
  }
  say(`${total} started anew.`);
}
