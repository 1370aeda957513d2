/** A CMS takes connections and never answers: another one's jobs and uploads go on; later nothing is missing. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, it } from "vitest";
import { signers } from "../../build/cli/signers.ts";
import { adminToken, migrate } from "../../build/setup/local.mjs";
import { freePort } from "../../build/setup/port.mjs";
import { serve } from "../../build/setup/server.mjs";
import { ROOT } from "../served/worker.ts";

const TEE = readFileSync(`${ROOT}/test/fixtures/pictures/tee.jpg`);
const HUNG = 6;
const QUICK = 10;
const PATIENCE = 900_000;

/** A CMS with pictures of its own; it counts what is written to each asset. */
class Cms {
  hangs = false;
  origin = "";
  readonly writes = new Map<string, number>();
  readonly #server: Server;

  constructor(seed: number) {
    this.#server = createServer(async ({ url = "", method }, response) => {
      if (this.hangs) return;
      const id = /(\d+)(\.jpg)?$/.exec(url)?.[1] ?? "";
      // Bytes of its own for each picture; what is behind its end is passed over.
      if (url.endsWith(".jpg"))
        return response.end(Buffer.concat([TEE, Buffer.from(`${seed + Number(id)}`)]));
      if (method === "PATCH") this.writes.set(id, (this.writes.get(id) ?? 0) + 1);
      response.setHeader("content-type", "application/json");
      return response.end(JSON.stringify({ id, alt: "", tags: [] }));
    });
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, "127.0.0.1", resolve);
    });
    const address = this.#server.address();
    if (typeof address === "object") this.origin = `http://127.0.0.1:${address?.port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

const secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3";
const state = mkdtempSync(`${tmpdir()}/hemline-hang-`);
const cmss = { hung: new Cms(0), quick: new Cms(1000) };
let server: ReturnType<typeof serve> | undefined;
afterAll(async () => {
  await server?.stop();
  for (const cms of Object.values(cmss)) cms.close();
  rmSync(state, { recursive: true, force: true });
});

async function start(): Promise<string> {
  await migrate(state);
  const names = Object.entries(cmss);
  for (const [, cms] of names) await cms.open();
  const sources = names.map(([name, { origin }]) => [
    name,
    { kind: "standard", base: origin, write: { path: "/media/{id}" } },
  ]);
  const vars = names.flatMap(([name]) => [
    [`SOURCE_${name.toUpperCase()}_SECRET`, secret],
    [`SOURCE_${name.toUpperCase()}_TOKEN`, "token"],
  ]);
  server = serve(await freePort(24_100), {
    state,
    vars: {
      ...Object.fromEntries(vars),
      SOURCES: JSON.stringify(Object.fromEntries(sources)),
      HEMLINE_ADMIN_TOKEN: adminToken(),
    },
  });
  await server.ready;
  return server.url;
}

async function deliver(url: string, name: keyof typeof cmss, count: number): Promise<void> {
  for (let id = 1; id <= count; id++) {
    const picture = `${cmss[name].origin}/${id}.jpg`;
    const data = { id: String(id), url: picture, mime_type: "image/jpeg" };
    const body = JSON.stringify({ type: "media.created", data });
    const headers = await signers.standard(body, secret, Date.now());
    const init = { method: "POST", headers, body };
    expect((await fetch(`${url}/v1/webhooks/${name}`, init)).status).toBe(202);
  }
}

/** Seconds until all of them are written, sweeping as cron would. */
async function all(url: string, name: keyof typeof cmss, count: number): Promise<number> {
  const began = Date.now();
  for (let turn = 1; cmss[name].writes.size < count; turn++) {
    if (Date.now() - began > PATIENCE) throw new Error(`${name}: not within ${PATIENCE / 1000} s`);
    if (turn % 30 === 0) await fetch(`${url}/cdn-cgi/local/scheduled`);
    await sleep(500);
  }
  return Math.round((Date.now() - began) / 1000);
}

it(`while a CMS of ${HUNG} pictures hangs, another's ${QUICK} and uploads go on`, async () => {
  const url = await start();
  cmss.hung.hangs = true;
  await deliver(url, "hung", HUNG);
  await deliver(url, "quick", QUICK);
  const upload = await fetch(`${url}/v1/tags`, { method: "POST", body: TEE });
  expect(upload.status).toBe(200);
  const quick = await all(url, "quick", QUICK);
  expect(cmss.hung.writes.size).toBe(0);
  cmss.hung.hangs = false;
  const hung = await all(url, "hung", HUNG);
  console.log(`the others' jobs were done after ${quick} s, its own ${hung} s after it was back`);
  // What comes twice comes late.
  await sleep(3000);
  for (const { writes } of Object.values(cmss))
    expect([...writes.values()]).toEqual(Array(writes.size).fill(1));
});
