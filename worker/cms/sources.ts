import { z } from "zod";
import { LANGUAGES } from "../../model/names.ts";
import { whyPrivate } from "../fetch/check-url.ts";
import { cloudinary } from "./cloudinary.ts";
import { contentful } from "./contentful.ts";
import { directus } from "./directus.ts";
import type { BaseOptions, Kind, Source } from "./kind.ts";
import { r2 } from "./r2.ts";
import { sanity } from "./sanity.ts";
import { shopify } from "./shopify.ts";
import { standard } from "./standard.ts";
import { storyblok } from "./storyblok.ts";
import { strapi } from "./strapi.ts";

/** Every kind by name. A new CMS is one file and one line here. */
export const kinds = {
  standard,
  strapi,
  directus,
  sanity,
  contentful,
  shopify,
  storyblok,
  cloudinary,
  r2,
} as const;

/** A source with its kind's code: what verifies, reads, locates and writes. */
export interface Configured {
  source: Source;
  kind: Kind;
}

export interface Sources {
  /** Sources that are complete, by name. */
  ready: Map<string, Configured>;
  /** What is wrong, each with the path of the setting: "SOURCES.shop.base: …". */
  problems: string[];
}

/** A name is part of an address and of a variable's name, so it is narrow. */
const name = /^[a-z][a-z0-9-]{0,31}$/;

/**
 * The sources of an environment: `SOURCES` is `{name: {kind, base, hosts, write, auth}}` as JSON, the
 * secrets are `SOURCE_<NAME>_SECRET`, `…_SECRET_2` and `SOURCE_<NAME>_TOKEN` (upper case, `-` as `_`).
 * A wrong source is left out and named; the others work.
 */
export function readSources(env: Record<string, unknown>): Sources {
  const known = read.get(env);
  if (known !== undefined) return known;
  const sources = parseSources(env);
  read.set(env, sources);
  return sources;
}

/** A Worker's variables never change while it runs: one reading per environment. */
const read = new WeakMap<object, Sources>();

function parseSources(env: Record<string, unknown>): Sources {
  const sources: Sources = { ready: new Map(), problems: [] };
  const raw = env.SOURCES;
  if (raw === undefined || raw === "") return sources;
  const table = z
    .record(z.string(), z.unknown())
    .safeParse(typeof raw === "string" ? parse(raw) : raw);
  if (!table.success) {
    sources.problems.push("SOURCES: must be a JSON object of sources by name");
    return sources;
  }
  for (const [key, value] of Object.entries(table.data)) {
    const found = readSource(key, value, env);
    if (Array.isArray(found))
      sources.problems.push(
        ...found.map(({ path, message }) => `${["SOURCES", key, ...path].join(".")}: ${message}`),
      );
    else sources.ready.set(key, found);
  }
  return sources;
}

/** What every kind has; the rest is its own schema's business. */
const Common = z.looseObject({
  kind: z.enum(Object.keys(kinds) as [keyof typeof kinds]),
  lang: z.enum(LANGUAGES, `is one of ${LANGUAGES.join(", ")}`).optional(),
});

interface Problem {
  path: PropertyKey[];
  message: string;
}

function readSource(
  key: string,
  value: unknown,
  env: Record<string, unknown>,
): Configured | Problem[] {
  if (!name.test(key))
    return [{ path: [], message: "a name is a letter, then up to 31 of a-z, 0-9 and -" }];
  const common = Common.safeParse(value);
  if (!common.success) return problemsOf(common.error);
  const { lang, ...own } = common.data;
  // Each kind's schema yields exactly the options its own functions take; the table forgets the pairing.
  const kind = kinds[own.kind] as unknown as Kind;
  const parsed = kind.schema.safeParse(own);
  if (!parsed.success) return problemsOf(parsed.error);
  const options = { ...parsed.data, lang };
  const variable = (suffix: string): string =>
    `SOURCE_${key.toUpperCase().replaceAll("-", "_")}_${suffix}`;
  const secret = (suffix: string): string | undefined =>
    z.string().min(1).safeParse(env[variable(suffix)]).data;
  const secrets = [secret("SECRET"), secret("SECRET_2")].filter((text) => text !== undefined);
  const token = secret("TOKEN");
  const development = env.HEMLINE_ENV === "development";
  const problems = checkAddresses(options, development);
  const bucket =
    "binding" in options ? (env[String(options.binding)] as R2Bucket | undefined) : undefined;
  if (options.kind === "r2" && bucket === undefined)
    problems.push({ path: ["binding"], message: "names no R2 bucket of this Worker" });
  if (options.kind !== "r2") {
    if (secrets.length === 0)
      problems.push({ path: [], message: `the secret ${variable("SECRET")} is not set` });
    if (options.write !== false && token === undefined) {
      problems.push({
        path: ["write"],
        message: `needs the secret ${variable("TOKEN")}; or set it to false`,
      });
    }
    if (options.write !== false && options.base === undefined)
      problems.push({ path: ["base"], message: "is needed to write back" });
  }
  if (problems.length > 0) return problems;
  return { kind, source: { name: key, options, secrets, token, development, bucket } };
}

/** http, an IP address or a port is for development; elsewhere it is a mistake worth naming at once. */
function checkAddresses({ base, hosts }: BaseOptions, development: boolean): Problem[] {
  if (development) return [];
  const problems: Problem[] = hosts.flatMap((entry, index) =>
    entry.includes("://")
      ? [
          {
            path: ["hosts", index],
            message: "an origin counts only with HEMLINE_ENV=development; give a host name",
          },
        ]
      : [],
  );
  if (base !== undefined) {
    const { protocol, port, hostname } = new URL(base);
    if (protocol !== "https:" || port !== "" || whyPrivate(hostname) !== null) {
      problems.push({
        path: ["base"],
        message:
          "must be https on a public host name and the usual port (except with HEMLINE_ENV=development)",
      });
    }
  }
  return problems;
}

const problemsOf = (error: z.ZodError): Problem[] =>
  error.issues.map(({ path, message }) => ({ path, message }));

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
