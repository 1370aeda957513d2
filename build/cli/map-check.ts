import { readFileSync } from "node:fs";
import { wordOf } from "../../worker/maps/apply.ts";
import { MAPPABLE, MapError, parseMap } from "../../worker/maps/map.ts";
import { Plain } from "../setup/say.mjs";
import { command } from "./command.ts";

/** What a Worker's variable holds at the most (Cloudflare, Workers limits, 2026-11). */
const MOST = 5 * 1024;

export const mapCheck = command(
  {
    usage: "  hemline map:check <file>",
    help: `Reads a map (worker/maps/README.md) and says what becomes of the labels, or every mistake in it with
its place. Exit status: 0 it can be used, 1 it cannot.`,
    options: {},
  },
  ([file, ...more]) => {
    if (file === undefined || more.length > 0) return false;
    return check(file);
  },
);

async function check(file: string): Promise<void> {
  const text = mapIn(file) ?? "";
  const map = parseMap(text);
  const byWord = Map.groupBy(MAPPABLE, (id) => wordOf(map, id));
  for (const [word, ids] of byWord) {
    if (word === undefined || (ids.length === 1 && ids[0] === word)) continue;
    console.log(`${word} = ${ids.join(", ")}`);
  }
  const dropped = byWord.get(undefined) ?? [];
  if (dropped.length > 0) console.log(`dropped: ${dropped.join(", ")}`);
  const kept = [...MAPPABLE].filter((id) => wordOf(map, id) === id).length;
  console.log(`${kept} of ${MAPPABLE.size} labels stay as they are.`);
  const bytes = Buffer.byteLength(JSON.stringify(JSON.parse(text)));
  if (bytes > MOST) {
    throw new Plain(`${bytes} bytes without spaces: a Worker's variable holds ${MOST}.`);
  }
}

/** A map's file, known to be good. Throws `Plain` with all that is wrong. */
export function mapIn(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    const text = readFileSync(file, "utf8");
    parseMap(text);
    return text;
  } catch (error) {
    if (error instanceof MapError) throw new Plain(`${file}:\n  ${error.problems.join("\n  ")}`);
    throw new Plain(`${file} cannot be read: ${(error as Error).message}`);
  }
}
