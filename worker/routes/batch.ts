import { Hono } from "hono";
import { cachedTags } from "../answer-cache.ts";
import type { AppEnv, Env } from "../app.ts";
import { asReady } from "../batch/as-ready.ts";
import { picturesOf } from "../batch/form.ts";
import { Share, sharing } from "../bodies.ts";
import { HemlineError, problemOf } from "../errors.ts";
import type { Transport } from "../fetch/follow.ts";
import { urlPolicy } from "../fetch/url-policy.ts";
import type { AnyHost } from "../host.ts";
import { sayLanguage } from "../language.ts";
import { file, json, of, operation } from "../openapi/operation.ts";
import { query } from "../openapi/validated.ts";
import { BatchLine, BatchUrls, MAX_PICTURES } from "../schemas/batch.ts";
import { TagQuery } from "../schemas/query.ts";
import type { Tags } from "../schemas/tags.ts";
import { checked, fetched, readJson } from "./picture.ts";
import { mannerOf, optionsOf, PICTURE_ERRORS } from "./tags.ts";

/** One is decoded while the next ones come in; a host with threads works on all of them. */
const WIDTH = 4;

const MAX_JSON = 64 * 1024;

type Line = () => Promise<BatchLine>;
/** Tags one picture as the request wants it. */
type Tag = (bytes: Uint8Array) => Promise<Tags>;

/** `POST /v1/tags:batch`: up to sixteen pictures, a line of NDJSON for each as it is ready. */
export function batch(host: AnyHost): Hono<AppEnv> {
  return new Hono<AppEnv>().post("/", described, query(TagQuery), async (c) => {
    const asked = c.req.valid("query");
    const options = optionsOf(c, asked);
    const manner = mannerOf(c, asked);
    const tag: Tag = async (bytes) => (await cachedTags(bytes, options, host, manner)).answer;
    const type = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
    const lines =
      type === "application/json"
        ? asReady(fromUrls(c.req.raw, c.env, host.transport, tag), WIDTH)
        : fromForm(c.req.raw, tag);
    const first = await lines.next();
    sayLanguage(c, options.lang);
    return c.body(ndjson(first, lines), 200, { "content-type": "application/x-ndjson" });
  });
}

async function* fromForm(request: Request, tag: Tag): AsyncGenerator<BatchLine> {
  const share = new Share();
  try {
    yield* asReady(jobsOf(picturesOf(request, share), tag), WIDTH);
  } finally {
    share.release();
  }
}

/** What breaks the form is a line of its own, after those of the pictures before it. */
async function* jobsOf(pictures: AsyncIterable<Uint8Array>, tag: Tag): AsyncGenerator<Line> {
  let count = 0;
  try {
    for await (const bytes of pictures) {
      const index = count++;
      yield () => line(index, async () => tag(checked(bytes)));
    }
  } catch (error) {
    if (count === 0) throw error;
    const index = count;
    yield () => line(index, () => Promise.reject(error));
  }
}

async function* fromUrls(
  request: Request,
  env: Env,
  transport: Transport | undefined,
  tag: Tag,
): AsyncGenerator<Line> {
  const policy = urlPolicy(env);
  const { urls } = await sharing((share) =>
    readJson(request, BatchUrls, MAX_JSON, tooLarge, share),
  );
  for (const [index, url] of urls.entries()) {
    yield () =>
      line(index, () =>
        sharing(async (share) => tag(await fetched(url, policy, share, transport))),
      );
  }
}

async function line(index: number, work: () => Promise<Tags>): Promise<BatchLine> {
  try {
    return { index, tags: await work() };
  } catch (error) {
    if (!(error instanceof HemlineError)) console.error(error);
    return { index, problem: problemOf(error) };
  }
}

/** The lines as they come; whoever stops reading ends the work. */
function ndjson(
  first: IteratorResult<BatchLine>,
  lines: AsyncGenerator<BatchLine>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let next: Promise<IteratorResult<BatchLine>> | undefined = Promise.resolve(first);
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await (next ?? lines.next());
      next = undefined;
      if (done) controller.close();
      else controller.enqueue(encoder.encode(`${JSON.stringify(value)}\n`));
    },
    async cancel() {
      await lines.return(undefined);
    },
  });
}

const tooLarge = () =>
  new HemlineError("body_too_large", `The list may have ${MAX_JSON / 1024} KiB.`);

const described = operation({
  chapter: "Tagging",
  summary: "Tag up to sixteen pictures",
  description: `A form with the field \`image\` once for each picture, 32 MB in all, or a list of addresses. The answer is NDJSON (one JSON value a line), a line as soon as each picture is ready, so not always in order. A picture that cannot be tagged has a line that says why; the others are tagged all the same. A form that breaks off, or with more than ${MAX_PICTURES} pictures, ends with a line that says so.`,
  access: "key",
  body: {
    "multipart/form-data": {
      schema: {
        type: "object",
        required: ["image"],
        properties: { image: { type: "array", items: file, maxItems: MAX_PICTURES } },
      },
    },
    ...json(BatchUrls, { urls: ["https://cdn.example.com/dress.jpg"] }),
  },
  answers: {
    200: {
      description: "Lines of this schema, each ended by a line feed.",
      content: of("application/x-ndjson", BatchLine),
    },
  },
  errors: ["body_too_large", ...PICTURE_ERRORS],
});
