/**
 * The webhooks' half under load: signed deliveries in an open loop, and when their tags stand in the CMS.
 * The queue goes on tagging all the while; what it has not done after the last rate is waited for.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { signers } from "../../../build/cli/signers.ts";
import type { Told } from "../sender.ts";
import { openShop, SECRET, type Shop } from "../shop.ts";
import { isSaturated, line, openLoop, round, type Step } from "./open-loop.ts";
import { isGood, send } from "./send.ts";

/** After a rate, the queue is given so long to catch up: the next one shows what a backlog does. */
const CATCH_UP_MS = 5_000;
/** How long the tags of all of them may take. */
const DRAIN_MS = 300_000;
const SEQUENTIAL = 60;

export interface WebhookStep extends Step {
  /** Deliveries accepted whose tags had not reached the CMS when the next rate began. */
  backlog: number;
  /** ms from a delivery to its tags in the CMS, of those that this rate brought. */
  to_tags_p50: number;
  to_tags_p95: number;
}

export interface Webhooks {
  sequential: number;
  /** The highest rate that was not saturation. */
  capacity: number;
  steps: WebhookStep[];
  accepted: number;
  /** Accepted, and never tagged: must be none. */
  lost: number;
  /** Tags that reached the CMS a second, while the queue had work. */
  tagged_per_second: number;
}

interface Delivery {
  at: number;
  accepted: boolean;
}

/** `shares`: rates as shares of what one delivery after another gives. */
export async function loadWebhooks(shares: number[], seconds: number): Promise<Webhooks> {
  const shop = await openShop();
  const written = new Map<string, number>();
  shop.cms.on("message", (told: Told) => {
    if ("write" in told && !written.has(told.write.id)) written.set(told.write.id, told.write.at);
  });
  const deliveries = new Map<string, Delivery>();
  const open = () =>
    [...deliveries].filter(([id, { accepted }]) => accepted && !written.has(id)).length;
  const drained = async (patience: number) => {
    for (const begun = Date.now(); open() > 0 && Date.now() - begun < patience; ) await sleep(100);
  };
  const deliverOne = () => deliver(shop, deliveries);
  try {
    for (let i = 0; i < SEQUENTIAL / 2; i++) await deliverOne();
    await drained(CATCH_UP_MS * 4);
    const start = performance.now();
    for (let i = 0; i < SEQUENTIAL; i++) await deliverOne();
    const sequential = (SEQUENTIAL * 1000) / (performance.now() - start);
    console.log(`webhooks: ${round(sequential)} a second one after another`);
    const groups: { step: Step; ids: string[]; backlog: number }[] = [];
    for (const share of shares) {
      await drained(CATCH_UP_MS);
      const first = deliveries.size;
      const step = await openLoop(share * sequential, seconds, deliverOne);
      await drained(CATCH_UP_MS);
      groups.push({ step, ids: [...deliveries.keys()].slice(first), backlog: open() });
      console.log(`${line("webhooks", step)}; ${open()} to be tagged`);
    }
    const [waiting, begun] = [open(), Date.now()];
    await drained(DRAIN_MS);
    const rate = round(((waiting - open()) * 1000) / Math.max(1, Date.now() - begun));
    const lost = open();
    console.log(`webhooks: ${deliveries.size} delivered, ${lost} lost, ${rate} tagged a second`);
    const steps = groups.map(({ step, ids, backlog }) => {
      const delays = ids
        .flatMap((id) => (written.has(id) ? [(written.get(id) ?? 0) - at(deliveries, id)] : []))
        .sort((a, b) => a - b);
      const quantile = (q: number) => delays[Math.ceil(q * delays.length) - 1] ?? Number.NaN;
      return { ...step, backlog, to_tags_p50: quantile(0.5), to_tags_p95: quantile(0.95) };
    });
    const below = steps.filter((step) => !isSaturated(step)).map(({ offered }) => offered);
    const accepted = [...deliveries.values()].filter((delivery) => delivery.accepted).length;
    return {
      ...{ sequential: round(sequential), capacity: Math.max(0, ...below), steps },
      ...{ accepted, lost, tagged_per_second: rate },
    };
  } finally {
    await shop.stop();
  }
}

const at = (deliveries: ReadonlyMap<string, Delivery>, id: string): number =>
  deliveries.get(id)?.at ?? 0;

/** A new asset's webhook, signed as its sender would. */
async function deliver({ origin, webhook }: Shop, deliveries: Map<string, Delivery>) {
  const id = String(deliveries.size + 1);
  const delivery: Delivery = { at: Date.now(), accepted: false };
  deliveries.set(id, delivery);
  const data = { id, url: `${origin}/${id}.jpg`, mime_type: "image/jpeg" };
  const body = JSON.stringify({ type: "media.created", data });
  const headers = await signers.standard(body, SECRET, Date.now());
  const answer = await send(webhook, { method: "POST", headers, body });
  delivery.accepted = isGood(answer);
  return answer;
}
