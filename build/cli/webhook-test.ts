import { setTimeout as sleep } from "node:timers/promises";
import { Plain, say } from "../setup/say.mjs";
import { command } from "./command.ts";
import { samples } from "./samples.ts";
import { settings } from "./settings.ts";
import type { Signer } from "./signers.ts";

interface Options {
  source: string;
  /** The Worker's address. */
  worker: string;
  id: string;
  picture: string | undefined;
}

const patience = 60_000;

export const webhookTest = command(
  {
    usage:
      "  hemline webhook:test <source> [--id 1] [--picture https://…] [--worker http://127.0.0.1:8787]",
    options: {
      id: { type: "string", default: "1" },
      picture: { type: "string" },
      worker: { type: "string", default: "http://127.0.0.1:8787" },
    },
  },
  ([source], { id, picture, worker }) =>
    source !== undefined && send({ source, worker: worker.replace(/\/$/, ""), id, picture }),
);

/** Sends a signed sample to a running Worker as the source's CMS would, and shows what happens. */
async function send({ source, worker, id, picture }: Options): Promise<void> {
  const env = settings();
  const table: unknown = JSON.parse(env.SOURCES ?? "{}");
  const found = (table as Record<string, Record<string, unknown>>)[source];
  if (found === undefined) throw new Plain(`SOURCES names no source "${source}".`);
  const kind = String(found.kind);
  const base = String(found.base ?? found.bucket ?? "");
  const make = samples[kind];
  if (make === undefined) throw new Plain(`SOURCES.${source}.kind: there is no kind "${kind}".`);
  const path = `/v1/webhooks/${source}`;
  const now = Date.now();
  const url = picture ?? `${base}/sample.jpg`;
  const body = JSON.stringify(make({ id, url, base, now }));
  const headers = await sign(kind, found, body, secretOf(source, kind, env), { id, now, path });
  say(`sending to ${worker}${path}: ${body}`);
  const sent = performance.now();
  const response = await fetch(worker + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
  const answer = await response.text();
  console.log(`${response.status} after ${(performance.now() - sent).toFixed(0)} ms: ${answer}`);
  if (!response.ok) throw new Plain("the Worker did not accept it.");
  const [row] = (JSON.parse(answer) as { assets: string[] }).assets;
  if (row !== undefined) await follow(worker + row, env.HEMLINE_ADMIN_TOKEN);
}

/** Shows the row each time it moves, until it rests. */
async function follow(address: string, token: string | undefined): Promise<void> {
  if (token === undefined) return say("set HEMLINE_ADMIN_TOKEN to see what becomes of it.");
  let last = "";
  for (const start = Date.now(); Date.now() - start < patience; await sleep(250)) {
    const response = await fetch(address, { headers: { authorization: `Bearer ${token}` } });
    const text = await response.text();
    if (!response.ok) throw new Plain(text);
    const { status, reason, detail, attempts } = JSON.parse(text) as Record<string, string>;
    const state = [status, reason, detail].filter((part) => part !== undefined).join(": ");
    if (state !== last) console.log(`${state} (attempt ${attempts})`);
    last = state;
    if (status !== "pending" && reason === undefined) console.log(text);
    if (status === "written" || status === "failed") return;
  }
  say("that is where it stands after a minute.");
}

async function sign(
  kind: string,
  source: Record<string, unknown>,
  body: string,
  secret: string,
  { id, now, path }: { id: string; now: number; path: string },
): Promise<Record<string, string>> {
  // Only here: it needs development dependencies, and the other commands do not.
  const { directusToken, signers } = await import("./signers.ts");
  const auth = (source.auth ?? {}) as { type?: string; header?: string };
  if (kind === "directus" && auth.type === "jwt") return directusToken(id, secret, now);
  if (auth.header !== undefined) return { [auth.header]: secret };
  const signer: Signer | undefined = (signers as Record<string, Signer>)[kind];
  // Notifications of a bucket are trusted because they come from the account itself.
  return signer === undefined
    ? { authorization: `Bearer ${secret}` }
    : signer(body, secret, now, path);
}

function secretOf(source: string, kind: string, env: Record<string, string | undefined>): string {
  const name =
    kind === "r2"
      ? "HEMLINE_ADMIN_TOKEN"
      : `SOURCE_${source.toUpperCase().replaceAll("-", "_")}_SECRET`;
  const secret = env[name];
  if (!secret) throw new Plain(`${name} is not set, neither here nor in .dev.vars.`);
  return secret;
}
