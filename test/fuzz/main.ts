/** `npm run fuzz:images`: mutated pictures, from seeds, uploaded to the Worker's app. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { fuzz } from "./run.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "20" },
    cases: { type: "string", default: "Infinity" },
    seed: { type: "string", default: "1" },
  },
});

const folder = fileURLToPath(new URL("../fixtures/pictures/", import.meta.url));
const pictures = Object.fromEntries(
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    // The photograph-like picture says nothing that the small ones do not, and takes longer.
    .filter((name) => /\.(jpg|png|webp|gif|avif)$/.test(name) && name !== "tee.jpg")
    .map((name) => [name, new Uint8Array(readFileSync(folder + name))]),
);
// The app logs a line a request.
console.log = () => undefined;
const until = Date.now() + Number(values.seconds) * 1000;
const before = process.memoryUsage().rss;
const tally = await fuzz(
  pictures,
  Number(values.seed),
  (cases) => cases < Number(values.cases) && Date.now() < until,
);
globalThis.gc?.();
const grown = (process.memoryUsage().rss - before) / 1e6;
console.info(
  JSON.stringify({ ...tally, pictures: Object.keys(pictures).length, grownMB: Math.round(grown) }),
);
