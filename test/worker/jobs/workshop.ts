import { env as bindings } from "cloudflare:test";
import { readSources } from "../../../worker/cms/sources.ts";
import type { Tagged } from "../../../worker/cms/words.ts";
import type { Workshop } from "../../../worker/jobs/consume.ts";
import type { JobsEnv } from "../../../worker/jobs/queues.ts";
import { Resting } from "../../../worker/jobs/resting.ts";

export const { DB: db, UPLOADS: uploads } = bindings as unknown as JobsEnv & { UPLOADS: R2Bucket };
export const start = Date.parse("2026-03-01T12:00:00Z");

export const dress: Tagged = {
  category: [["dress", 0.94]],
  attributes: { texture: [["floral", 0.9]], fabric: [], shape: [], part: [], style: [] },
  colors: [["navy", "#1f2a44", 0.6]],
};
export const skirt: Tagged = { ...dress, category: [["skirt", 0.9]] };

export interface Call {
  method: string;
  url: string;
  headers: Headers;
  body: string;
}

/** Answers a request, or says nothing for a 404. */
export type Cms = (call: Call) => unknown;

/** A Workshop at a clock of its own, with a CMS that is a function. */
export interface TestShop extends Workshop {
  calls: Call[];
  /** How many pictures have been tagged. */
  tagged: number;
  clock: number;
  answer: Tagged;
}

/** One source called "shop", and `more` if need be; pictures are whatever bytes the CMS answers. */
export function workshop(
  source: Record<string, unknown>,
  cms: Cms,
  more: Record<string, Record<string, unknown>> = {},
): TestShop {
  const secrets = Object.keys({ shop: source, ...more }).flatMap((name) => [
    [`SOURCE_${name.toUpperCase()}_SECRET`, "secret"],
    [`SOURCE_${name.toUpperCase()}_TOKEN`, "token"],
  ]);
  const { ready, problems } = readSources({
    SOURCES: JSON.stringify({ shop: source, ...more }),
    ...Object.fromEntries(secrets),
    UPLOADS: uploads,
  });
  if (problems.length > 0) throw new Error(problems.join());
  const shop: TestShop = {
    db,
    sources: ready,
    model: "hemline-1",
    maxBytes: 1_000_000,
    resting: new Resting(),
    calls: [],
    tagged: 0,
    clock: start,
    answer: dress,
    now: () => shop.clock,
    async tag() {
      shop.tagged++;
      return shop.answer;
    },
    async transport(url, init) {
      const request = new Request(url, init);
      const call = {
        method: request.method,
        url,
        headers: request.headers,
        body: await request.text(),
      };
      shop.calls.push(call);
      const answer = cms(call);
      if (answer instanceof Response) return answer;
      if (answer === undefined) return new Response(null, { status: 404 });
      return typeof answer === "string" ? new Response(answer) : Response.json(answer);
    },
  };
  return shop;
}

/** What was sent to the CMS to change something. */
export const changes = (shop: TestShop): Call[] =>
  shop.calls.filter(({ method }) => method !== "GET");
