import { HemlineError } from "../errors.ts";
import { MapError, type MapFile, parseMap } from "./map.ts";

/** Each map is a variable of its own: `?map=my-shop` is `HEMLINE_MAP_MY_SHOP`. */
const PREFIX = "HEMLINE_MAP_";

/** A map's name is part of a variable's name, so it is narrow. */
export const MAP_NAME = /^[a-z][a-z0-9-]{0,31}$/;

const variableOf = (name: string): string => PREFIX + name.toUpperCase().replaceAll("-", "_");

/** Names of the configured maps, sorted. */
export function mapNames(env: object): string[] {
  return Object.keys(env)
    .filter((key) => key.startsWith(PREFIX))
    .map((key) => key.slice(PREFIX.length).toLowerCase().replaceAll("_", "-"))
    .filter((name) => MAP_NAME.test(name))
    .sort();
}

/** A Worker's variables never change while it runs: each is read once. */
const read = new WeakMap<object, Map<string, MapFile>>();

/**
 * The map of this name: JSON text or a TOML table.
 *
 * Throws `bad_parameter` where there is none, `bad_configuration` where it has mistakes.
 */
export function mapCalled(name: string, env: object): MapFile {
  const known = read.get(env)?.get(name);
  if (known !== undefined) return known;
  const variable = variableOf(name);
  const source = MAP_NAME.test(name) ? (env as Record<string, unknown>)[variable] : undefined;
  if (source === undefined || source === "") {
    throw new HemlineError("bad_parameter", "`map` names no map of this Worker.");
  }
  const map = parsed(source, variable);
  const maps = read.get(env) ?? new Map<string, MapFile>();
  read.set(env, maps.set(name, map));
  return map;
}

function parsed(source: unknown, variable: string): MapFile {
  try {
    return parseMap(source);
  } catch (error) {
    if (!(error instanceof MapError)) throw error;
    throw new HemlineError("bad_configuration", `${variable}: ${error.message}`);
  }
}
