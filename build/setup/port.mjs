import { createServer } from "node:net";

/** The first free port of 127.0.0.1: `wanted`, the few after it, or any. */
export async function freePort(wanted) {
  for (let port = wanted; port < wanted + 10; port++) {
    if ((await listen(port)) !== undefined) return port;
  }
  return listen(0);
}

function listen(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => {
      const { port: given } = server.address();
      server.close(() => resolve(given));
    });
  });
}
