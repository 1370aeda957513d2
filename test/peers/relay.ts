import { createServer } from "node:http";
import { freePort } from "./process.ts";

export interface Recorded {
  headers: Record<string, string>;
  body: Buffer<ArrayBuffer>;
}

/** Stands between a CMS and the Worker: passes deliveries on as they are, and keeps them for repeating. */
export interface Relay {
  url: string;
  /** Where deliveries go; empty while the Worker is away, and then they are lost. */
  target: string;
  recorded: Recorded[];
  stop(): void;
}

export async function startRelay(): Promise<Relay> {
  const port = await freePort();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const headers = Object.fromEntries(
      Object.entries(request.headers)
        .filter(
          ([name]) => !["host", "connection", "content-length", "transfer-encoding"].includes(name),
        )
        .map(([name, value]) => [name, String(value)]),
    );
    const delivery = { headers, body: Buffer.concat(chunks) };
    relay.recorded.push(delivery);
    const answer = await fetch(relay.target, { method: "POST", ...delivery }).catch(
      () => undefined,
    );
    response.writeHead(answer?.status ?? 502).end(await answer?.text());
  }).listen(port, "127.0.0.1");
  const relay: Relay = {
    url: `http://127.0.0.1:${port}`,
    target: "",
    recorded: [],
    stop: () => void server.close(),
  };
  return relay;
}
