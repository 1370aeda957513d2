import { Plain, say } from "../setup/say.mjs";
import { settings } from "./settings.ts";

interface Options {
  worker: string;
  source: string | undefined;
  status: string | undefined;
  staleModel: boolean;
}

/** Starts rows anew, page by page: failed ones, or those that an older model tagged. */
export async function assetsRetry({ worker, source, status, staleModel }: Options): Promise<void> {
  const token = settings().HEMLINE_ADMIN_TOKEN;
  if (!token) throw new Plain("HEMLINE_ADMIN_TOKEN is not set, neither here nor in .dev.vars.");
  let total = 0;
  for (let cursor: string | null = ""; cursor !== null; ) {
    const query = new URLSearchParams({ limit: "200" });
    if (source !== undefined) query.set("source", source);
    if (status !== undefined) query.set("status", status);
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
