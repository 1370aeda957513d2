import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { adminToken, migrate } from "../../build/setup/local.mjs";
import { ours } from "../../build/setup/processes.mjs";
import { serve } from "../../build/setup/server.mjs";
import { freePort, json, until } from "./process.ts";

export interface Row {
  id: string;
  status: string;
  reason?: string;
  attempts: number;
  tags?: { category: [string, number][] };
}

/** A Worker as `npm start` serves it, with data of its own that outlives its being killed. */
export async function startWorker(vars: Record<string, string>) {
  const state = mkdtempSync(`${tmpdir()}/hemline-`);
  await migrate(state);
  const token = adminToken();
  const all = { ...vars, HEMLINE_ADMIN_TOKEN: token };
  let server = await started();

  async function started() {
    const one = serve(await freePort(), { vars: all, state });
    await one.ready;
    return one;
  }
  const headers = { authorization: `Bearer ${token}` };
  const rows = async () =>
    (await json<{ assets: Row[] }>(`${server.url}/v1/assets?limit=200`, { headers })).assets;
  return {
    get url() {
      return server.url;
    },
    rows,
    /** Calls the cron job. */
    sweep: () => fetch(`${server.url}/cdn-cgi/local/scheduled`),
    async kill() {
      for (const id of ours(server.group)) process.kill(id, "SIGKILL");
      await server.ended;
    },
    async restart() {
      server = await started();
    },
    /** Waits until so many rows are written, sweeping as cron would. */
    async written(count: number, patience = 400_000): Promise<Row[]> {
      let last: Row[] = [];
      let swept = Date.now();
      return until(
        async () => {
          if (Date.now() - swept > 15_000) {
            swept = Date.now();
            await this.sweep();
          }
          last = await rows();
          return last.filter(({ status }) => status === "written").length >= count && last;
        },
        patience,
        () => JSON.stringify(last),
      );
    },
    stop: () => server.stop(),
  };
}

export type Worker = Awaited<ReturnType<typeof startWorker>>;
