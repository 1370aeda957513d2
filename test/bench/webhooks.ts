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
  const deliveries = new Map<string, { sent: number; ms: number; status: number }>();
  const writes = new Map<string, number[]>();
  sender.on("message", (told: Told) => {
    if ("delivery" in told) deliveries.set(told.delivery.id, told.delivery);
    if ("write" in told)
      writes.set(told.write.id, [...(writes.get(told.write.id) ?? []), told.write.at]);
  });
  const start = Date.now();
  sender.send({ count, webhook: `${server.url}/v1/webhooks/shop`, secret } satisfies Order);
  while (writes.size < count && Date.now() - start < patience) {
    await sleep(1000);
    if ((Date.now() - start) % 60_000 < 1000) await fetch(`${server.url}/cdn-cgi/local/scheduled`);
  }
  const total = (Date.now() - start) / 1000;
  // What comes twice comes late: give it a moment.
  await sleep(3000);
  const accepted = [...deliveries.values()].filter(({ status }) => status === 202);
  const answered = accepted.map(({ ms }) => ms);
  const tagged = [...writes].map(([id, [at = 0]]) => at - (deliveries.get(id)?.sent ?? 0));
  const rows = await states();
  const result = {
    webhooks: count,
    accepted: accepted.length,
    to202: {
      median: quantile(answered, 0.5),
      p95: quantile(answered, 0.95),
      max: quantile(answered, 1),
    },
    toTags: {
      median: quantile(tagged, 0.5),
      p95: quantile(tagged, 0.95),
      max: quantile(tagged, 1),
    },
    perSecond: Number((writes.size / total).toFixed(2)),
    lost: count - writes.size,
    twice: [...writes.values()].filter(({ length }) => length > 1).length,
    rows,
  };
  console.log(`${count} webhooks at once, ${accepted.length} answered 202`);
  console.table({
    "webhook to 202, ms": result.to202,
    "webhook to tags in the CMS, ms": result.toTags,
  });
  console.log(`${result.perSecond} pictures/s; lost ${result.lost}, written twice ${result.twice}`);
  if (values.json) console.log(JSON.stringify(result));
  if (result.lost > 0 || result.twice > 0) process.exitCode = 1;
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

function quantile(values: number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.ceil(q * sorted.length) - 1] ?? 0);
}
