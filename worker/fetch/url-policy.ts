import { z } from "zod";
import type { Env } from "../app.ts";
import { host, origin } from "../cms/options.ts";
import { HemlineError } from "../errors.ts";
import type { Policy } from "./check-url.ts";

const list = z.array(z.union([host, origin]));

/** Where a caller of `POST /v1/tags` may point: `HEMLINE_URL_HOSTS`, and origins in development only. */
export function urlPolicy({ HEMLINE_URL_HOSTS = "", HEMLINE_ENV }: Env): Policy {
  const entries = list.safeParse(HEMLINE_URL_HOSTS.split(/[\s,]+/).filter((entry) => entry !== ""));
  if (!entries.success) {
    const wrong = entries.error.issues[0];
    throw new HemlineError(
      "bad_configuration",
      `HEMLINE_URL_HOSTS, entry ${wrong?.path.join(".")}: ${wrong?.message}`,
    );
  }
  const origins = entries.data.filter((entry) => entry.includes("://"));
  return {
    hosts: entries.data.filter((entry) => !entry.includes("://")),
    origins: HEMLINE_ENV === "development" ? origins : [],
  };
}
