import { Hono } from "hono";
import { z } from "zod";
import { sharing } from "../bodies.ts";
import type { Received } from "../cms/kind.ts";
import { readSources } from "../cms/sources.ts";
import { unverified } from "../cms/unverified.ts";
import { HemlineError } from "../errors.ts";
import { accept } from "../jobs/accept.ts";
import type { JobsEnv } from "../jobs/queues.ts";
import { json, operation } from "../openapi/operation.ts";
import { paced } from "../paced.ts";
import { readLimited } from "../read-limited.ts";
import { Accepted } from "../schemas/assets.ts";
import { isAdmin } from "./admin.ts";

/** No CMS's event comes near this. */
const maxBody = 1024 * 1024;

/** `POST /v1/webhooks/:source`: verify -> read -> deduplicate and store -> enqueue. */
export function webhooks(): Hono<{ Bindings: JobsEnv }> {
  const app = new Hono<{ Bindings: JobsEnv }>();
  app.post("/:source", described, (c) =>
    sharing(async (share) => {
      const name = c.req.param("source");
      const { ready, problems } = readSources(c.env);
      const configured = ready.get(name);
      if (configured === undefined) {
        // 500, so that a sender that repeats does so until the configuration is mended.
        const wrong = problems.filter(
          (text) => /^SOURCES: /.test(text) || text.startsWith(`SOURCES.${name}`),
        );
        if (wrong.length > 0) throw misconfigured(wrong, c.env);
        throw unverified();
      }
      const { kind, source } = configured;
      const now = Date.now();
      const body = await readLimited(paced(c.req.raw), maxBody, bodyTooLarge, share);
      const { pathname, search } = new URL(c.req.url);
      const received: Received = {
        method: "POST",
        path: pathname + search,
        headers: c.req.raw.headers,
        body,
        now,
      };
      const verified = await kind.verify(received, source);
      if (verified === null) {
        if (source.options.kind !== "r2" || !(await mayProduce(c.req.raw, c.env)))
          throw unverified();
        await c.env.R2_EVENTS.send(parseJson(body));
        return c.json({ status: "accepted", assets: [] }, 202);
      }
      const parsed = parseJson(body);
      const sent = kind.sent?.(parsed) ?? null;
      // A body's own time, for senders that sign none; NaN (an unreadable date) counts as stale.
      if (sent !== null && !(now - sent.at <= sent.maxAge && sent.at - now <= sent.maxAge))
        throw unverified();
      const accepted = await accept(
        c.env,
        name,
        verified.delivery,
        read(() => kind.events(parsed, source, verified)),
        now,
      );
      const [only, ...others] = accepted.assets;
      if (only !== undefined && others.length === 0) c.header("location", only);
      return c.json(accepted, accepted.status === "accepted" ? 202 : 200);
    }, "webhooks"),
  );
  app.all("/:source", () => {
    throw new HemlineError("method_not_allowed", "Webhooks are sent with POST.", { allow: "POST" });
  });
  return app;
}

const bodyTooLarge = (): HemlineError =>
  new HemlineError("body_too_large", `A webhook's body has at most ${maxBody} bytes.`);

/** Nothing simulates R2's notifications: in development, the administrator may send them. */
async function mayProduce({ headers }: Request, env: JobsEnv): Promise<boolean> {
  return env.HEMLINE_ENV === "development" && (await isAdmin(headers, env));
}

function misconfigured(problems: string[], env: JobsEnv): HemlineError {
  console.error(problems.join("\n"));
  const open = env.HEMLINE_ENV === "development";
  return new HemlineError(
    "bad_configuration",
    open ? problems.join("; ") : "The log says what is wrong.",
  );
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(body));
  } catch {
    throw new HemlineError("bad_request", "The body is not JSON.");
  }
}

/** The sender is known by now, so it may learn what is wrong with its body. */
function read<T>(events: () => T): T {
  try {
    return events();
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const issue = error.issues[0];
    throw new HemlineError(
      "bad_request",
      `The event has an unexpected shape: ${issue?.path.join(".") || "body"}: ${issue?.message}`,
    );
  }
}

const accepted = json(Accepted, { status: "accepted", assets: ["/v1/assets/shop/7"] });

const described = operation({
  chapter: "Webhooks",
  summary: "Take an upload webhook",
  description:
    "`source` is the operator's name for the CMS that sends. Every kind of CMS sends and signs its own way: `worker/cms/README.md`.",
  access: "sender",
  body: { "application/json": { schema: { type: "object", description: "The CMS's own event." } } },
  answers: {
    200: { description: "There is nothing to do, or no more.", content: accepted },
    202: {
      description: "It is stored and queued; `Location` is the asset's address.",
      content: accepted,
    },
  },
  errors: ["bad_request", "body_timeout", "body_too_large", "busy", "bad_configuration"],
});
