#!/usr/bin/env node
/** `npm exec --no -- hemline <command>`. */
import { parseArgs } from "node:util";
import { Plain, runMain } from "../setup/say.mjs";
import { assetsRetry } from "./assets-retry.ts";
import { webhookTest } from "./webhook-test.ts";

const usage = `usage:
  hemline webhook:test <source> [--id 1] [--picture https://…] [--worker http://127.0.0.1:8787]
  hemline assets:retry [--source name] [--status failed] [--stale-model] [--worker http://127.0.0.1:8787]`;

await runMain(async () => {
  const { positionals, values } = options();
  if (values.help) return console.log(usage);
  const [command, source] = positionals;
  const worker = values.worker.replace(/\/$/, "");
  if (command === "webhook:test" && source !== undefined) {
    return webhookTest({ source, worker, id: values.id, picture: values.picture });
  }
  if (command === "assets:retry") {
    const { status, "stale-model": staleModel } = values;
    return assetsRetry({ worker, source: values.source, status, staleModel });
  }
  throw new Plain(usage);
});

function options() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        help: { type: "boolean", short: "h", default: false },
        id: { type: "string", default: "1" },
        picture: { type: "string" },
        source: { type: "string" },
        status: { type: "string" },
        "stale-model": { type: "boolean", default: false },
        worker: { type: "string", default: "http://127.0.0.1:8787" },
      },
    });
  } catch (error) {
    throw new Plain(`${(error as Error).message}\n${usage}`);
  }
}
