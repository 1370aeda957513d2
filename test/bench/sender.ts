/**
 * A sender in a process of its own: serves pictures, sends many webhooks at once, takes the write-backs.
 * Told by its parent: an `Order`; tells `{origin}`, `{delivery}`, `{write}`.
 */
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { signers } from "../../build/cli/signers.ts";
import { PHOTOS } from "../photos.ts";

export interface Order {
  ids: string[];
  /** All at once, or one after another. */
  together: boolean;
  webhook: string;
  secret: string;
}
export type Told =
  | { origin: string }
  | { delivery: { id: string; sent: number; ms: number; status: number } }
  | { write: { id: string; at: number } };

const drawn = new URL("../fixtures/pictures/tee.jpg", import.meta.url);
const pictures = photographs() ?? [readFileSync(drawn)];
const tell = (message: Told): void => void process.send?.(message);

/** With its number behind it, which no decoder reads: the same bytes would be tagged once. */
function picture(id: string): Buffer {
  const photograph = pictures[Number(id) % pictures.length] ?? Buffer.alloc(0);
  return Buffer.concat([photograph, Buffer.from(id)]);
}

function photographs(): Buffer[] | undefined {
  try {
    const names = readdirSync(`${PHOTOS}/images`).sort().slice(0, 50);
    return names.map((name) => readFileSync(`${PHOTOS}/images/${name}`));
  } catch {
    return undefined;
  }
}

const server = createServer(async (request, response) => {
  const id = /(\d+)(\.jpg)?$/.exec(request.url ?? "")?.[1] ?? "0";
  if (request.url?.endsWith(".jpg")) return response.end(picture(id));
  if (request.method === "PATCH") tell({ write: { id, at: Date.now() } });
  request.resume();
  response.setHeader("content-type", "application/json");
  return response.end(JSON.stringify({ id, alt: "", tags: [] }));
}).listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address) tell({ origin: `http://127.0.0.1:${address.port}` });
});

process.on("message", async ({ ids, together, webhook, secret }: Order) => {
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const deliver = async (id: string): Promise<void> => {
    const url = `http://127.0.0.1:${port}/${id}.jpg`;
    const data = { id, url, mime_type: "image/jpeg" };
    const body = JSON.stringify({ type: "media.created", data });
    const headers = await signers.standard(body, secret, Date.now());
    const sent = Date.now();
    const start = performance.now();
    const response = await fetch(webhook, { method: "POST", headers, body });
    await response.arrayBuffer();
    const ms = performance.now() - start;
    tell({ delivery: { id, sent, ms, status: response.status } });
  };
  if (together) await Promise.all(ids.map(deliver));
  else for (const id of ids) await deliver(id);
});
