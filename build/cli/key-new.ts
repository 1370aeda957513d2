import { createHash, randomBytes } from "node:crypto";
import { Plain, say } from "../setup/say.mjs";
import { command } from "./command.ts";

interface Options {
  name: string;
  expires: string | undefined;
  tier: string | undefined;
}

export const keyNew = command(
  {
    usage: "  hemline key:new <name> [--expires 2027-01-31] [--tier standard|high]",
    help: "Prints a new API key, and its entry for the secret HEMLINE_API_KEYS (worker/access/README.md).",
    options: { expires: { type: "string" }, tier: { type: "string" } },
  },
  ([name, ...more], { expires, tier }) =>
    name !== undefined && more.length === 0 && makeKey({ name, expires, tier }),
);

/** The key for its user, and the entry with its hash for the Worker. */
async function makeKey({ name, expires, tier }: Options): Promise<void> {
  if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(name)) {
    throw new Plain("a name is a letter or digit, then up to 31 of a-z, 0-9 and -");
  }
  if (expires !== undefined && Number.isNaN(Date.parse(expires))) {
    throw new Plain("--expires takes a day (2027-01-31) or a moment (2027-01-31T12:00:00Z)");
  }
  if (tier !== undefined && tier !== "standard" && tier !== "high") {
    throw new Plain("--tier is standard or high");
  }
  const key = `hl_${randomBytes(32).toString("base64url")}`;
  const sha256 = createHash("sha256").update(key).digest("hex");
  const more = { ...(expires && { expires }), ...(tier && { tier }) };
  const entry = Object.keys(more).length === 0 ? sha256 : { sha256, ...more };
  console.log(`key    ${key}`);
  console.log(`entry  ${JSON.stringify({ [name]: entry })}`);
  say("the key is shown this once: give it to whoever calls the API.");
  say("add the entry to the JSON in the secret HEMLINE_API_KEYS, beside the others:");
  say("  npx wrangler secret put HEMLINE_API_KEYS");
}
