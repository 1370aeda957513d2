import { env as bindings, createExecutionContext } from "cloudflare:test";
import { createApp } from "../../../worker/app.ts";
import type { JobsEnv } from "../../../worker/jobs/queues.ts";
import type { Job } from "../../../worker/store/row.ts";
import { type Sender, secret } from "../cms/senders.ts";
import { hostFinding } from "../tagger.ts";

export const adminToken = "admin-token-for-tests";
export const db = (bindings as unknown as JobsEnv).DB;

/** A Worker whose queue only notes what it is given, so that a test decides when work happens. */
export interface Bench {
  env: JobsEnv;
  sent: Job[];
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** As the administrator. */
  admin(path: string, init?: RequestInit): Promise<Response>;
  /** A delivery by the sender, honest unless told otherwise. */
  deliver(sender: Sender, changes?: Delivery): Promise<Response>;
}

export interface Delivery {
  body?: string;
  /** Signed, where it is not what is sent. */
  signedBody?: string;
  key?: string;
  /** When it says it was sent, ms. */
  at?: number;
  without?: string;
  headers?: Record<string, string>;
}

export function bench(variables: Record<string, unknown>): Bench {
  const sent: Job[] = [];
  const queue = {
    send: async (job: Job) => void sent.push(job),
    sendBatch: async (messages: { body: Job }[]) =>
      void sent.push(...messages.map(({ body }) => body)),
  } as unknown as Queue<Job>;
  const env = {
    ...(bindings as unknown as JobsEnv),
    TAGGING: queue,
    HEMLINE_ADMIN_TOKEN: adminToken,
    ...variables,
  } as JobsEnv;
  const app = createApp(hostFinding({}));
  const fetch = async (path: string, init?: RequestInit) =>
    app.fetch(new Request(`https://hemline.test${path}`, init), env, createExecutionContext());
  return {
    env,
    sent,
    fetch,
    admin: (path, init = {}) =>
      fetch(path, { ...init, headers: { ...init.headers, authorization: `Bearer ${adminToken}` } }),
    async deliver(
      sender,
      {
        at = Date.now(),
        body = sender.body(at),
        signedBody = body,
        key = secret,
        without,
        headers,
      } = {},
    ) {
      const all = new Headers({
        "content-type": "application/json",
        ...(await sender.headers(signedBody, key, at)),
        ...headers,
      });
      if (without !== undefined) all.delete(without);
      return fetch("/v1/webhooks/shop", { method: "POST", headers: all, body });
    },
  };
}

/** One source called "shop" of this sender's kind, with a first and a next secret. */
export function shop(sender: Sender, variables: Record<string, unknown> = {}): Bench {
  return bench({
    SOURCES: JSON.stringify({ shop: sender.source }),
    SOURCE_SHOP_SECRET: secret,
    ...variables,
  });
}

export async function rows(): Promise<Record<string, unknown>[]> {
  return (await db.prepare("SELECT * FROM assets ORDER BY seq").all()).results;
}

export async function clear(): Promise<void> {
  await db.batch(
    ["assets", "deliveries", "sweeps", "backfills"].map((table) =>
      db.prepare(`DELETE FROM ${table}`),
    ),
  );
}
