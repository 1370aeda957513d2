/** The webhooks' half under load: signed deliveries in an open loop, and when their tags stand in the CMS. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { signers } from "../../../build/cli/signers.ts";
import { migrate } from "../../../build/setup/local.mjs";
import { freePort } from "../../../build/setup/port.mjs";
import { serve } from "../../../build/setup/server.mjs";
import type { Told } from "../sender.ts";
import { openLoop, type Step } from "./open-loop.ts";

const secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3";
/** How long the tags of one step may take to arrive in the CMS. */
const DRAIN_MS = 120_000;

export interface WebhookStep extends Step {
  /** Tags that reached the CMS, a second, and ms from delivery to tags. */
  written: number;
  tagged_per_second: number;
  to_tags_p50: number;
  to_tags_p95: number;
}

/** Each rate for some seconds, on a Worker with its D1 and queues; the next when the last has drained. */
export async function loadWebhooks(rates: number[], seconds: number): Promise<WebhookStep[]> {
  const cms = fork(new URL("../sender.ts", import.meta.url));
  const [told] = (await once(cms, "message")) as [Told];
  const origin = "origin" in told ? told.origin : "";
  const state = mkdtempSync(`${tmpdir()}/hemline-load-`);
  await migrate(state);
  const write = { path: "/media/{id}" };
  const server = serve(await freePort(8890), {
    state,
    vars: {
      SOURCES: JSON.stringify({ shop: { kind: "standard", base: origin, write } }),
      SOURCE_SHOP_SECRET: secret,
      SOURCE_SHOP_TOKEN: "token",
      HEMLINE_ADMIN_TOKEN: "bench",
    },
  });
  const written = new Map<string, number>();
  cms.on("message", (message: Told) => {
    if ("write" in message) written.set(message.write.id, message.write.at);
  });
  const steps: WebhookStep[] = [];
  try {
    await server.ready;
    let next = 1;
    for (const rate of [1, ...rates]) {
      const sent = new Map<string, number>();
      const step = await openLoop(rate, seconds, async () => {
        const id = String(next++);
        sent.set(id, Date.now());
        const data = { id, url: `${origin}/${id}.jpg`, mime_type: "image/jpeg" };
        const body = JSON.stringify({ type: "media.created", data });
        const headers = await signers.standard(body, secret, Date.now());
        const init = { method: "POST", headers, body };
        const response = await fetch(`${server.url}/v1/webhooks/shop`, init);
        await response.arrayBuffer();
        return { status: response.status, retryAfter: response.headers.has("retry-after") };
      });
      const begun = Date.now();
      const open = () => [...sent.keys()].filter((id) => !written.has(id)).length;
      while (open() > 0 && Date.now() - begun < DRAIN_MS) await sleep(250);
      const delays = [...sent]
        .flatMap(([id, at]) => (written.has(id) ? [(written.get(id) ?? 0) - at] : []))
        .sort((a, b) => a - b);
      const first = Math.min(...sent.values());
      const last = Math.max(...[...sent.keys()].map((id) => written.get(id) ?? first));
      const whole: WebhookStep = {
        ...step,
        written: delays.length,
        tagged_per_second: Math.round((delays.length * 100_000) / Math.max(1, last - first)) / 100,
        to_tags_p50: delays[Math.ceil(delays.length * 0.5) - 1] ?? Number.NaN,
        to_tags_p95: delays[Math.ceil(delays.length * 0.95) - 1] ?? Number.NaN,
      };
      steps.push(whole);
      console.log(
        `webhooks: offered ${whole.offered}/s, answered ${whole.achieved}/s, p50 ${whole.p50} p95 ${whole.p95} p99 ${whole.p99} ms; tags after p50 ${whole.to_tags_p50} p95 ${whole.to_tags_p95} ms, ${whole.tagged_per_second}/s, ${whole.requests - whole.written} not yet; errors ${whole.errors}`,
      );
      if (whole.written < whole.ok) break; // it no longer drains: enough has been seen
    }
    // The first, at one a second, only warms up.
    return steps.slice(1);
  } finally {
    cms.kill();
    await server.stop();
    rmSync(state, { recursive: true, force: true });
  }
}
