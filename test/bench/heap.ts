/** The JavaScript heap of a served Worker's isolate, by the inspector's protocol. */
import { setTimeout as sleep } from "node:timers/promises";

interface Usage {
  /** Bytes of objects. */
  usedSize: number;
  /** Bytes of array buffers and WebAssembly memories, which lie outside the heap. */
  backingStorageSize?: number;
}

interface Reply {
  id?: number;
  result?: unknown;
  error?: { message: string };
}

/** `inspector`: Miniflare's address. The isolate answers between requests. */
export async function heapUsage(inspector: URL): Promise<Usage> {
  const isolate = await attach(inspector);
  try {
    return (await isolate.ask("Runtime.getHeapUsage")) as Usage;
  } finally {
    isolate.close();
  }
}

/**
 * What is left when everything that nobody needs any more has been collected. V8 leaves the collecting to
 * a task, and workerd runs tasks only while a request is there: `request` sends small ones meanwhile.
 */
export async function liveHeap(inspector: URL, request: () => Promise<unknown>): Promise<Usage> {
  const isolate = await attach(inspector);
  try {
    let collected = false;
    const collecting = isolate.ask("HeapProfiler.collectGarbage").then(() => {
      collected = true;
    });
    for (let i = 0; i < 100 && !collected; i++) await Promise.all([request(), sleep(10)]);
    await collecting;
    return (await isolate.ask("Runtime.getHeapUsage")) as Usage;
  } finally {
    isolate.close();
  }
}

/** The first isolate of the list is the Worker's own. Rejects where it cannot be reached. */
async function attach(inspector: URL) {
  const list = (await (await fetch(new URL("/json", httpOf(inspector)))).json()) as {
    webSocketDebuggerUrl: string;
  }[];
  const socket = new WebSocket(list[0]?.webSocketDebuggerUrl ?? inspector.href);
  const waiting = new Map<number, (reply: Reply) => void>();
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve();
    socket.onerror = () => reject(new Error("the inspector cannot be reached"));
  });
  socket.onmessage = ({ data }) => {
    const reply = JSON.parse(String(data)) as Reply;
    if (reply.id !== undefined) waiting.get(reply.id)?.(reply);
  };
  socket.onclose = () => {
    for (const answer of waiting.values()) answer({ error: { message: "the inspector has gone" } });
  };
  let last = 0;
  const ask = (method: string) =>
    new Promise<unknown>((resolve, reject) => {
      const id = ++last;
      waiting.set(id, ({ result, error }) => {
        waiting.delete(id);
        if (error) reject(new Error(`${method}: ${error.message}`));
        else resolve(result);
      });
      socket.send(JSON.stringify({ id, method }));
    });
  return { ask, close: () => socket.close() };
}

function httpOf(inspector: URL): URL {
  const url = new URL(inspector);
  url.protocol = "http:";
  return url;
}
