import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { ROOT } from "../setup/paths.mjs";
import { Plain, say } from "../setup/say.mjs";
import { command } from "./command.ts";
import { wholeNumber } from "./numbers.ts";

export const serve = command(
  {
    usage: "  hemline serve [--port 8787] [--host 127.0.0.1] [--threads n] [--key key]",
    help: `Serves the Worker's HTTP API from this machine, pictures tagged by a pool of threads.

  --port n      0 takes any that is free
  --host addr   0.0.0.0 in a container
  --threads n   how many pictures at a time; by default one for each core
  --key key     callers show it as bearer token; others on this machine can read it in the list of
                processes, HEMLINE_API_KEYS they cannot

It is set up by environment variables as the Worker is, and as closed: without HEMLINE_API_KEYS or
--key it answers nobody, unless HEMLINE_ENV=development. SIGTERM or Ctrl-C ends it when the requests
in flight are answered.`,
    options: {
      port: { type: "string", default: "8787" },
      host: { type: "string", default: "127.0.0.1" },
      threads: { type: "string" },
      key: { type: "string" },
    },
  },
  (positionals, { port, host, threads = `${availableParallelism()}`, key }) =>
    positionals.length === 0 &&
    run(
      port === "0" ? 0 : wholeNumber("--port", port, 65_535),
      host,
      wholeNumber("--threads", threads, 256),
      key,
    ),
);

async function run(port: number, hostname: string, threads: number, key?: string): Promise<void> {
  const variables = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => name.startsWith("HEMLINE_")),
  );
  if (key !== undefined) variables.HEMLINE_API_KEYS = withKey(key, variables.HEMLINE_API_KEYS);
  // Only here: other commands need neither server nor page.
  const { serve } = await import("../../worker/hosts/node/serve.ts");
  const served = await serve({ port, hostname, threads, variables, ...(await page()) }).catch(
    (error) => {
      if (error.syscall !== "listen") throw error;
      throw new Plain(`${hostname}:${port} cannot be listened on: ${error.message}`);
    },
  );
  const { HEMLINE_ENV, HEMLINE_API_KEYS } = variables;
  const open = HEMLINE_ENV === "development" ? "open to anybody" : "for callers with a key";
  const state = HEMLINE_API_KEYS || HEMLINE_ENV === "development" ? open : "closed: no key is set";
  say(
    `${served.url}, ${threads} ${threads === 1 ? "thread" : "threads"}, ${served.running.engine}, ${state}.`,
  );
  // A second one ends it at once.
  await new Promise((resolve) => {
    for (const name of ["SIGINT", "SIGTERM"]) process.once(name, resolve);
  });
  say("finishing what has been asked …");
  await served.close();
}

/** Where the page lies, brought up to date where the build's tools are installed. */
async function page(): Promise<{ site?: string }> {
  const site = `${ROOT}/worker/public`;
  try {
    const { buildSite } = await import("../site/main.ts");
    await buildSite();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    if (!existsSync(`${site}/index.html`)) {
      say("without the page: it has not been built, and the development dependencies are missing.");
      return {};
    }
  }
  return { site };
}

/** The table of keys (`worker/access/keys.ts`) with one more. */
function withKey(key: string, table = "{}"): string {
  const cli = createHash("sha256").update(key).digest("hex");
  try {
    return JSON.stringify({ ...JSON.parse(table), cli });
  } catch {
    throw new Plain("HEMLINE_API_KEYS is not JSON.");
  }
}
