/** `npm run bench:webhooks`: many webhooks at once, from their sending to the tags in the CMS. */
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { Order, Told } from "./sender.ts";
import { openShop, SECRET } from "./shop.ts";

const { values } = parseArgs({
  options: { count: { type: "string", default: "200" }, json: { type: "boolean", default: false } },
});
const count = Number(values.count);
/** All of it must have come by then; the sweep included. */
const patience = 15 * 60_000;

const shop = await openShop();
try {
  await report();
} finally {
  await shop.stop();
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
  const result = { single, burst, rows: await shop.states() };
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

/** Sends webhooks and waits until the tags of those that were accepted have come back. */
async function send(ids: string[], together: boolean) {
  const deliveries = new Map<string, { sent: number; ms: number; status: number }>();
  const writes = new Map<string, number[]>();
  const listen = (told: Told): void => {
    if ("delivery" in told) deliveries.set(told.delivery.id, told.delivery);
    if ("write" in told) {
      writes.set(told.write.id, [...(writes.get(told.write.id) ?? []), told.write.at]);
    }
  };
  shop.cms.on("message", listen);
  const start = Date.now();
  shop.cms.send({ ids, together, webhook: shop.webhook, secret: SECRET } satisfies Order);
  const accepted = () => [...deliveries.values()].filter(({ status }) => status === 202);
  const all = () => deliveries.size === ids.length && writes.size >= accepted().length;
  while (!all() && Date.now() - start < patience) {
    await sleep(250);
  }
  const seconds = (Date.now() - start) / 1000;
  // What comes twice comes late: give it a moment.
  await sleep(3000);
  shop.cms.off("message", listen);
  return {
    accepted: accepted().length,
    to202: spread(accepted().map(({ ms }) => ms)),
    toTags: spread([...writes].map(([id, [at = 0]]) => at - (deliveries.get(id)?.sent ?? 0))),
    perSecond: Number((writes.size / seconds).toFixed(2)),
    lost: accepted().length - writes.size,
    twice: [...writes.values()].filter(({ length }) => length > 1).length,
  };
}

function spread(list: number[]): { median: number; p95: number; max: number } {
  const sorted = list.toSorted((a, b) => a - b);
  const at = (q: number) => Math.round(sorted[Math.ceil(q * sorted.length) - 1] ?? 0);
  return { median: at(0.5), p95: at(0.95), max: at(1) };
}
