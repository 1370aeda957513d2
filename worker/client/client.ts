/** `import { createClient } from "hemline/client"`: the API from Node, Workers and browsers. */
import type { Language } from "../../model/names.ts";
import type { Asset, AssetPage } from "../schemas/assets.ts";
import type { BackfillInfo, Order } from "../schemas/backfills.ts";
import type { BatchLine } from "../schemas/batch.ts";
import type { ModelInfo } from "../schemas/model.ts";
import type { Tags } from "../schemas/tags.ts";
import { ApiError } from "./error.ts";
import { type BatchPicture, batchBodyOf, bodyOf, inBatches, type Picture } from "./picture.ts";
import { jsonOf, linesOf } from "./read.ts";
import { type Message, type Patience, send } from "./send.ts";

export type { ErrorCode } from "../errors.ts";
export { ApiError, type TransportCode } from "./error.ts";
export type { Asset, BackfillInfo, BatchPicture, Language, ModelInfo, Picture, Tags };

export interface ClientOptions {
  /** Where the service is: `https://hemline.example.workers.dev`. */
  url: string | URL;
  /** An API key; the administrator's token for `assets` and `backfills`. */
  key?: string;
  /** Milliseconds until an answer must have begun, and then until each part of it: 60,000. */
  timeout?: number;
  /** Attempts after the first, for 429, 503 and broken connections: 4. */
  retries?: number;
  /** The longest wait between two attempts, in seconds: 60. */
  longestWait?: number;
  /** In place of the platform's own: a service binding's, or a test's. */
  fetch?: typeof fetch;
}

export interface CallOptions {
  signal?: AbortSignal;
}

/** See `POST /v1/tags`. */
export interface TagOptions extends CallOptions {
  top?: number;
  lang?: Language;
  map?: string;
  explain?: "heatmap";
  cache?: "no";
}

/** One picture of many: its tags, or why it has none. */
export type BatchResult = { index: number; tags: Tags } | { index: number; error: ApiError };

export interface AssetFilter extends CallOptions {
  source?: string;
  status?: Asset["status"];
  backfill?: string;
  stale_model?: boolean;
}

export type Client = ReturnType<typeof createClient>;

/** A client of one service. Every call throws `ApiError`, or the signal's reason. */
export function createClient({ url, key, ...options }: ClientOptions) {
  const base = new URL(url);
  // Called as a method of something else, browsers' fetch throws.
  const ask: typeof fetch = options.fetch ?? ((input, init) => fetch(input, init));
  const { timeout = 60_000, retries = 4, longestWait = 60 } = options;
  const patienceOf = ({ signal }: CallOptions): Patience => ({
    ...{ fetch: ask, timeout, retries, longestWait, signal },
  });

  function message(
    method: string,
    path: string,
    query: object = {},
    sent: Partial<Message> = {},
  ): Message {
    const to = new URL(base.pathname.replace(/\/$/, "") + path, base);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) to.searchParams.set(name, String(value));
    }
    const headers: Record<string, string> = { accept: "application/json", ...sent.headers };
    if (key !== undefined) headers.authorization = `Bearer ${key}`;
    // Names are given where `lang` asks for them; nothing of the surroundings decides.
    headers["accept-language"] = "*";
    return { ...sent, method, url: to, headers };
  }

  async function call<T>(wanted: Message, options: CallOptions): Promise<T> {
    const patience = patienceOf(options);
    return jsonOf<T>(await send(wanted, patience), patience);
  }

  return {
    /** A picture's tags. */
    async tag(picture: Picture, { signal, ...query }: TagOptions = {}): Promise<Tags> {
      const wanted = message("POST", "/v1/tags", query, await bodyOf(picture));
      return call(wanted, signal ? { signal } : {});
    },

    /**
     * Many pictures, each as soon as it is tagged, `index` being its place in the list. A picture's
     * failure is its result; a request's failure is that of every picture in it that has none yet.
     */
    async *tagBatch(
      pictures: Iterable<BatchPicture>,
      { signal, ...query }: TagOptions = {},
    ): AsyncGenerator<BatchResult> {
      const patience = patienceOf(signal ? { signal } : {});
      let start = 0;
      for (const batch of inBatches(pictures)) {
        const open = new Set(batch.keys());
        try {
          const wanted = message("POST", "/v1/tags:batch", query, batchBodyOf(batch));
          const response = await send(wanted, patience);
          for await (const line of linesOf<BatchLine>(response, patience)) {
            if (!open.delete(line.index)) continue;
            yield resultOf(line, start);
          }
          if (open.size > 0) throw new ApiError("bad_answer", "There is no line for this picture.");
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          for (const index of open) yield { index: start + index, error };
        }
        start += batch.length;
      }
    },

    /** What runs there. */
    model(options: CallOptions & { lang?: Language } = {}): Promise<ModelInfo> {
      return call(message("GET", "/v1/model", { lang: options.lang }), options);
    },

    /** The work that webhooks and backfills have brought; needs the administrator's token. */
    assets: {
      /** Newest first, page by page. */
      async *list({ signal, ...filter }: AssetFilter = {}): AsyncGenerator<Asset> {
        const options = signal ? { signal } : {};
        for (let cursor: string | undefined; ; ) {
          const wanted = message("GET", "/v1/assets", { ...filter, cursor });
          const page = await call<AssetPage>(wanted, options);
          yield* page.assets;
          if (page.cursor === null) return;
          cursor = page.cursor;
        }
      },
      get(source: string, id: string, options: CallOptions = {}): Promise<Asset> {
        return call(message("GET", assetPath(source, id)), options);
      },
      async retry(source: string, id: string, options: CallOptions = {}): Promise<void> {
        await call(message("POST", `${assetPath(source, id)}/retry`), options);
      },
      async erase(source: string, id: string, options: CallOptions = {}): Promise<void> {
        await send(message("DELETE", assetPath(source, id)), patienceOf(options));
      },
    },

    /** Buckets being tagged; needs the administrator's token. */
    backfills: {
      start(order: Order, options: CallOptions = {}): Promise<BackfillInfo> {
        const body = JSON.stringify(order);
        const headers = { "content-type": "application/json" };
        const sent = { body: () => body, headers, unsafe: true };
        return call(message("POST", "/v1/backfills", {}, sent), options);
      },
      get(id: string, options: CallOptions = {}): Promise<BackfillInfo> {
        return call(message("GET", `/v1/backfills/${encodeURIComponent(id)}`), options);
      },
      async list(options: CallOptions = {}): Promise<BackfillInfo[]> {
        const wanted = message("GET", "/v1/backfills");
        return (await call<{ backfills: BackfillInfo[] }>(wanted, options)).backfills;
      },
      /** Twice is as good as once. */
      change(
        id: string,
        action: "pause" | "resume" | "cancel",
        options: CallOptions = {},
      ): Promise<BackfillInfo> {
        const path = `/v1/backfills/${encodeURIComponent(id)}/${action}`;
        return call(message("POST", path), options);
      },
    },
  };
}

const assetPath = (source: string, id: string): string =>
  `/v1/assets/${encodeURIComponent(source)}/${encodeURIComponent(id)}`;

function resultOf(line: BatchLine, start: number): BatchResult {
  const index = start + line.index;
  return "tags" in line ? { index, tags: line.tags } : { index, error: ApiError.of(line.problem) };
}
