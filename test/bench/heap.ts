/** The JavaScript heap of a served Worker's isolate, by the inspector's protocol. */

interface Usage {
  /** Objects. */
  usedSize: number;
  /** Array buffers and WebAssembly memories, which lie outside the heap. */
  backingStorageSize?: number;
}

/** Asks once; the isolate answers between requests. `inspector`: Miniflare's address. */
export async function heapUsage(inspector: URL): Promise<Usage> {
  const list = (await (await fetch(new URL("/json", httpOf(inspector)))).json()) as {
    webSocketDebuggerUrl: string;
  }[];
  const socket = new WebSocket(list[0]?.webSocketDebuggerUrl ?? inspector.href);
  try {
    return await new Promise<Usage>((resolve, reject) => {
      socket.onopen = () => socket.send(JSON.stringify({ id: 1, method: "Runtime.getHeapUsage" }));
      socket.onerror = () => reject(new Error("the inspector cannot be reached"));
      socket.onmessage = ({ data }) => {
        const { id, result } = JSON.parse(String(data)) as { id?: number; result: Usage };
        if (id === 1) resolve(result);
      };
    });
  } finally {
    socket.close();
  }
}

function httpOf(inspector: URL): URL {
  const url = new URL(inspector);
  url.protocol = "http:";
  return url;
}
