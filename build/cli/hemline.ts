#!/usr/bin/env node
/** `npm exec --no -- hemline <command>`. */
import { Plain, runMain } from "../setup/say.mjs";
import { assetsRetry } from "./assets-retry.ts";
import {
  backfill,
  backfillCancel,
  backfillList,
  backfillPause,
  backfillResume,
  backfillShow,
} from "./backfill.ts";
import type { Command } from "./command.ts";
import { keyNew } from "./key-new.ts";
import { mapCheck } from "./map-check.ts";
import { serve } from "./serve.ts";
import { tag } from "./tag.ts";
import { webhookTest } from "./webhook-test.ts";

const commands: Record<string, Command> = {
  tag,
  serve,
  "webhook:test": webhookTest,
  "assets:retry": assetsRetry,
  backfill,
  "backfill:list": backfillList,
  "backfill:show": backfillShow,
  "backfill:pause": backfillPause,
  "backfill:resume": backfillResume,
  "backfill:cancel": backfillCancel,
  "map:check": mapCheck,
  "key:new": keyNew,
};

const usage = `usage:
${Object.values(commands)
  .map((command) => command.usage)
  .join("\n")}
  hemline <command> --help`;

await runMain(async () => {
  const [name = "", ...args] = process.argv.slice(2);
  if (name === "--help" || name === "-h") return console.log(usage);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined)
    throw new Plain(name ? `there is no command ${name}\n${usage}` : usage);
  await command.run(args);
});
