/** What the benches of webhooks stand on: a CMS in a process of its own, and a Worker that has it as a source. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { migrate } from "../../build/setup/local.mjs";
import { freePort } from "../../build/setup/port.mjs";
import { serve } from "../../build/setup/server.mjs";
import type { Told } from "./sender.ts";

/** How often the cron job runs where it is deployed; nothing local calls it. */
const SWEEP_MS = 60_000;
export const SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3";
const ADMIN_TOKEN = "bench";

export interface Shop {
  cms: ChildProcess;
  /** Where the CMS's pictures are. */
  origin: string;
  /** The Worker, and where it takes the CMS's webhooks. */
  url: string;
  webhook: string;
  /** How many rows stand where. */
  states(): Promise<Record<string, number>>;
  stop(): Promise<void>;
}

/** Opens both, with tables and queues that are empty. */
export async function openShop(): Promise<Shop> {
  const cms = fork(new URL("sender.ts", import.meta.url));
  const origin = await originOf(cms);
  const state = mkdtempSync(`${tmpdir()}/hemline-shop-`);
  await migrate(state);
  const write = { path: "/media/{id}" };
  const server = serve(await freePort(8790), {
    state,
    vars: {
      SOURCES: JSON.stringify({ shop: { kind: "standard", base: origin, write } }),
      SOURCE_SHOP_SECRET: SECRET,
      SOURCE_SHOP_TOKEN: "token",
      HEMLINE_ADMIN_TOKEN: ADMIN_TOKEN,
    },
  });
  const { url } = server;
  const sweep = () => fetch(`${url}/cdn-cgi/local/scheduled`).catch(() => undefined); // the next one will
  const sweeping = setInterval(sweep, SWEEP_MS);
  const stop = async () => {
    clearInterval(sweeping);
    cms.kill();
    await server.stop();
    rmSync(state, { recursive: true, force: true });
  };
  await server.ready.catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { cms, origin, url, webhook: `${url}/v1/webhooks/shop`, states: () => states(url), stop };
}

async function originOf(child: ChildProcess): Promise<string> {
  const [told] = (await once(child, "message")) as [Told];
  if (!("origin" in told)) throw new Error("the sender did not say where it is");
  return told.origin;
}

async function states(url: string): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
  for (let cursor: string | null = ""; cursor !== null; ) {
    const more: string = cursor === "" ? "" : `&cursor=${cursor}`;
    const response = await fetch(`${url}/v1/assets?limit=200${more}`, { headers });
    const page = (await response.json()) as { assets: { status: string }[]; cursor: string | null };
    for (const { status } of page.assets) found[status] = (found[status] ?? 0) + 1;
    cursor = page.cursor;
  }
  return found;
}
