/** `npm run bench:webhooks`: many webhooks at once, from their sending to the tags in the CMS. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { migrate } from "../../build/setup/local.mjs";
import { freePort } from "../../build/setup/port.mjs";
import { serve } from "../../build/setup/server.mjs";
import type { Order, Told } from "./sender.ts";

const { values } = parseArgs({
  options: { count: { type: "string", default: "200" }, json: { type: "boolean", default: false } },
});
const count = Number(values.count);
const secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3";
/** All of it must have come by then; the sweep included. */
const patience = 15 * 60_000;

const sender = fork(new URL("sender.ts", import.meta.url));
const origin = await originOf(sender);
const state = mkdtempSync(`${tmpdir()}/hemline-`);
await migrate(state);
const write = { path: "/media/{id}" };
const server = serve(await freePort(8790), {
  state,
  vars: {
    SOURCES: JSON.stringify({ shop: { kind: "standard", base: origin, write } }),
    SOURCE_SHOP_SECRET: secret,
    SOURCE_SHOP_TOKEN: "token",
    HEMLINE_ADMIN_TOKEN: "bench",
  },
});
try {
  await server.ready;
  await report();
} finally {
  sender.kill();
  await server.stop();
}

async function report(): Promise<void> {
  const single = await send(
    Array.from({ length: 20 }, (_, index) => `1000${index}`),
    false,
  );
  const burst = await send(
    Array.from({ length: count }, (_, index) => String(index)),
    true,
  );
  const result = { single, burst, rows: await states() };
  console.table({
    "one at a time: to 202, ms": single.to202,
    "one at a time: to tags in the CMS, ms": single.toTags,
    [`${count} at once: to 202, ms`]: burst.to202,
    [`${count} at once: to tags in the CMS, ms`]: burst.toTags,
  });
  console.log(`${count} at once: ${burst.accepted} answered 202, ${burst.perSecond} pictures/s`);
  console.log(`lost ${single.lost + burst.lost}, written twice ${single.twice + burst.twice}`);
  if (values.json) console.log(JSON.stringify(result));
  if (result.burst.lost + result.burst.twice > 0) process.exitCode = 1;
}

/** Sends webhooks and waits until their tags have come back. */
async function send(ids: string[], together: boolean) {
  const deliveries = new Map<string, { sent: number; ms: number; status: number }>();
  const writes = new Map<string, number[]>();
  const listen = (told: Told): void => {
    if ("delivery" in told) deliveries.set(told.delivery.id, told.delivery);
    if ("write" in told) {
      writes.set(told.write.id, [...(writes.get(told.write.id) ?? []), told.write.at]);
    }
  };
  sender.on("message", listen);
  const start = Date.now();
  const webhook = `${server.url}/v1/webhooks/shop`;
  sender.send({ ids, together, webhook, secret } satisfies Order);
  while (writes.size < ids.length && Date.now() - start < patience) {
    await sleep(250);
    if ((Date.now() - start) % 60_000 < 250) await fetch(`${server.url}/cdn-cgi/local/scheduled`);
  }
  const seconds = (Date.now() - start) / 1000;
  // What comes twice comes late: give it a moment.
  await sleep(3000);
  sender.off("message", listen);
  const accepted = [...deliveries.values()].filter(({ status }) => status === 202);
  return {
    accepted: accepted.length,
    to202: spread(accepted.map(({ ms }) => ms)),
    toTags: spread([...writes].map(([id, [at = 0]]) => at - (deliveries.get(id)?.sent ?? 0))),
    perSecond: Number((writes.size / seconds).toFixed(2)),
    lost: ids.length - writes.size,
    twice: [...writes.values()].filter(({ length }) => length > 1).length,
  };
}

/** How many rows stand where. */
async function states(): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  const headers = { authorization: "Bearer bench" };
  for (let cursor: string | null = ""; cursor !== null; ) {
    const more: string = cursor === "" ? "" : `&cursor=${cursor}`;
    const response = await fetch(`${server.url}/v1/assets?limit=200${more}`, { headers });
    const page = (await response.json()) as { assets: { status: string }[]; cursor: string | null };
    for (const { status } of page.assets) found[status] = (found[status] ?? 0) + 1;
    cursor = page.cursor;
  }
  return found;
}

async function originOf(child: ChildProcess): Promise<string> {
  const [told] = (await once(child, "message")) as [Told];
  if (!("origin" in told)) throw new Error("the sender did not say where it is");
  return told.origin;
}

function spread(list: number[]): { median: number; p95: number; max: number } {
  const sorted = list.toSorted((a, b) => a - b);
  const at = (q: number) => Math.round(sorted[Math.ceil(q * sorted.length) - 1] ?? 0);
  return { median: at(0.5), p95: at(0.95), max: at(1) };
}
