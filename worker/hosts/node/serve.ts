/** The Worker's app on Node, its pictures tagged by a pool of threads. */
import "./modules.ts";
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer, type HttpBindings } from "@hono/node-server";
import { BODY_BYTES, holdAtMost } from "../../bodies.ts";
import type { Policy } from "../../fetch/check-url.ts";
import type { PooledHost } from "../../host.ts";
import { nodeTransport } from "./fetch.ts";
import { nodeRateLimits } from "./rate-limits.ts";
import { isAsset, siteIn } from "./site.ts";
import { createTagger } from "./tagger.ts";

export interface ServeOptions {
  /** 0: any that is free. */
  port: number;
  hostname: string;
  threads: number;
  /** The Worker's variables and secrets, `HEMLINE_…`. */
  variables: Record<string, string | undefined>;
  /** The folder of the page's files; without it there is no page. */
  site?: string;
}

export interface Served {
  url: string;
  running: ReturnType<PooledHost["tagger"]>;
  /** Answers what has been asked, takes nothing new, and ends the threads. */
  close(): Promise<void>;
}

/** So many pictures may wait for each thread: about a second's work. */
const QUEUE = 16;
const TIMEOUTS = {
  headersTimeout: 10_000,
  // A slow body takes room that others could use.
  requestTimeout: 60_000,
  connectionsCheckingInterval: 5_000,
  // Longer than the minute that load balancers keep a connection, or they use one just closed.
  keepAliveTimeout: 65_000,
};
/** Orchestrators kill after 30 s. */
const GRACE = 25_000;

/** Listens when it resolves. Throws what kept the threads from starting, or the port's error. */
export async function serve(options: ServeOptions): Promise<Served> {
  const { port, hostname, threads, variables } = options;
  const { createApp, urlPolicy } = await loadApp();
  const { origins } = urlPolicy(variables);
  const tagger = await createTagger({ threads, queue: QUEUE * threads });
  const app = createApp({
    model: tagger.model,
    tagger: () => tagger.running,
    tag: (bytes, options) => tagger.tag(bytes, options),
    transport: nodeTransport(origins),
  });
  // Each thread decodes as much at a time as an isolate does.
  holdAtMost(threads * BODY_BYTES);
  const site = options.site === undefined ? undefined : siteIn(options.site);
  const bindings = { ...variables, ...nodeRateLimits(), ASSETS: site };
  let closing = false;

  const server = createAdaptorServer({
    async fetch(request, { incoming }) {
      if (site && isAsset(request.url)) return site.fetch(request);
      const { remoteAddress = "" } = (incoming as HttpBindings["incoming"]).socket;
      const response = await app.fetch(request, { ...bindings, CLIENT_ADDRESS: remoteAddress });
      if (closing) response.headers.set("connection", "close");
      return response;
    },
    overrideGlobalObjects: false,
    serverOptions: TIMEOUTS,
  }) as Server;
  try {
    await once(server.listen(port, hostname), "listening");
  } catch (error) {
    await tagger.close();
    throw error;
  }

  async function close(): Promise<void> {
    closing = true;
    const closed = once(server, "close");
    server.close();
    const late = setTimeout(() => server.closeAllConnections(), GRACE);
    await closed;
    clearTimeout(late);
    await tagger.close();
  }
  return { url: addressOf(server.address() as AddressInfo), running: tagger.running, close };
}

/** What is used of the app, in Node's words: its own files are checked with Cloudflare's types. */
interface App {
  createApp(host: PooledHost): {
    fetch(request: Request, bindings: object): Promise<Response> | Response;
  };
  urlPolicy(variables: ServeOptions["variables"]): Policy;
}

/** Loads it when the hooks stand, for the tagging path imports `.wasm`. */
async function loadApp(): Promise<App> {
  const load = (path: string) => import(new URL(path, import.meta.url).href);
  return { ...(await load("../../app.ts")), ...(await load("../../fetch/url-policy.ts")) };
}

const addressOf = ({ address, family, port }: AddressInfo): string =>
  `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
