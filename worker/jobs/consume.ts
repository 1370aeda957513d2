import { sharing } from "../bodies.ts";
import type { CmsApi } from "../cms/api.ts";
import type { Asset, Wrote } from "../cms/kind.ts";
import { templateOf } from "../cms/options.ts";
import { apiOf, policyOf } from "../cms/reach.ts";
import { sha256 } from "../cms/signing.ts";
import type { Configured } from "../cms/sources.ts";
import { type Tagged, toWords } from "../cms/words.ts";
import { HemlineError } from "../errors.ts";
import type { Transport } from "../fetch/follow.ts";
import { fetchPicture } from "../fetch/picture.ts";
import { RemoteError } from "../fetch/remote-error.ts";
import type { Job, Row } from "../store/row.ts";
import * as work from "../store/work.ts";
import type { Resting } from "./resting.ts";

/** What a job needs beside its message. */
export interface Workshop {
  db: D1Database;
  sources: ReadonlyMap<string, Configured>;
  /** The tagger, `tag-image.ts` on this host. */
  tag(bytes: Uint8Array<ArrayBuffer>): Promise<Tagged>;
  /** The name `tag` puts in its answers. */
  model: string;
  transport: Transport;
  maxBytes: number;
  /** Sources whose CMS does not answer. */
  resting: Resting;
  now(): number;
}

/** What becomes of the message. */
export type Outcome =
  | { type: "done" }
  | { type: "again"; seconds: number }
  | { type: "dead"; reason: string };

const fetchTimeout = 20_000;
/** Until this isolate has room for another picture, or the message comes to another one. */
const busySeconds = 10;
/** Caught failures before a row is given up: with the waits below, about three hours. */
export const maxFailures = 10;

/** One attempt at one row: fetch, tag, store, write back. Safe to repeat at any point. */
export async function consume(job: Job, shop: Workshop): Promise<Outcome> {
  const claim = await work.claim(shop.db, job, shop.now());
  if (claim.type === "void") return { type: "done" };
  if (claim.type === "busy")
    return { type: "again", seconds: Math.max(1, Math.ceil((claim.until - shop.now()) / 1000)) };
  if (claim.type === "exhausted") {
    const detail = "Every attempt ended without a word: the CPU or memory limit, most likely.";
    return giveUp(job, { reason: "resource_limit", detail }, shop);
  }
  if (shop.resting.has(job.source, shop.now())) return failed(claim, unanswered(), shop);
  const began = shop.now();
  try {
    const outcome = await attempt(claim, shop);
    shop.resting.answered(job.source);
    return outcome;
  } catch (error) {
    shop.resting.failed(job.source, shop.now() - began, shop.now());
    return failed(claim, error, shop);
  }
}

const unanswered = (): RemoteError =>
  new RemoteError("cms_unavailable", "The CMS has not answered lately; it is tried again.", true);

async function attempt(held: work.Held, shop: Workshop): Promise<Outcome> {
  const { row } = held;
  const configured = shop.sources.get(row.source);
  if (configured === undefined)
    throw new RemoteError("bad_configuration", `The source ${row.source} is not set up.`, true);
  const { source, kind } = configured;
  const api = apiOf(configured, shop.transport);
  const asset: Asset = {
    asset: row.asset,
    parent: row.parent,
    ref: JSON.parse(row.ref),
    family: [],
  };
  let tags =
    row.status === "tagged" && row.model === shop.model && row.tags !== null ? row.tags : null;
  if (tags === null) {
    const seen = await look(asset, configured, api, shop);
    tags = seen.tags;
    const saved = { ...seen, model: shop.model, rest: source.options.write === false };
    if (!(await work.saveTags(shop.db, held, saved, shop.now())) || saved.rest)
      return { type: "done" };
  }
  // The lease must still be ours when the CMS is changed: a row erased or restarted meanwhile is not written.
  if (!(await work.renew(shop.db, held, shop.now()))) return { type: "done" };
  const { lang } = source.options;
  const template = templateOf(source.options.write);
  asset.family = (await work.family(shop.db, row)).map((member) => ({
    asset: member.asset,
    tags: toWords(JSON.parse(member.tags ?? "null"), template, lang).tags,
  }));
  const words = toWords(JSON.parse(tags), template, lang);
  const wrote = await kind.write(asset, words, source, api, wroteBefore(row));
  await work.saveWritten(shop.db, held, JSON.stringify(wrote), shop.now());
  return { type: "done" };
}

/**
 * The picture's SHA-256 and its tags. While its bytes are held they count among the isolate's bodies:
 * `busy` where there is no room for them.
 */
async function look(asset: Asset, { source, kind }: Configured, api: CmsApi, shop: Workshop) {
  const picture = await kind.locate(asset, source, api);
  return sharing(async (share) => {
    const limits = { bytes: shop.maxBytes, timeout: fetchTimeout };
    const bytes = await fetchPicture(picture, policyOf(source), limits, shop.transport, share);
    const content = await sha256(bytes);
    const known = await work.tagsOf(shop.db, content, shop.model);
    return { content, tags: known ?? JSON.stringify(await shop.tag(bytes)) };
  });
}

/** An error that can pass is waited out, longer each time; any other one ends the row. */
async function failed(held: work.Held, error: unknown, shop: Workshop): Promise<Outcome> {
  const { row } = held;
  if (error instanceof HemlineError && error.code === "busy") {
    // Nothing was tried, so nothing is counted: the others' pictures are done with in seconds.
    await work.release(shop.db, held, busySeconds * 1000, shop.now());
    return { type: "again", seconds: busySeconds };
  }
  if (!(error instanceof HemlineError))
    console.error("An attempt failed unexpectedly.", row.source, row.asset, error);
  const why: work.Reason =
    error instanceof HemlineError
      ? { reason: error.code, detail: error.detail }
      : { reason: "internal", detail: "The failure has been logged." };
  const failures = row.failures + 1;
  if (!mayPass(error) || failures >= maxFailures) return giveUp(row, why, shop);
  const wait = waitFor(failures, error instanceof RemoteError ? error.retryAfter : undefined);
  await work.saveFailure(shop.db, held, why, wait * 1000, shop.now());
  return { type: "again", seconds: wait };
}

/** A picture that cannot be decoded never will be; our own failures and busy servers may pass. */
function mayPass(error: unknown): boolean {
  if (error instanceof RemoteError) return error.retry;
  return !(error instanceof HemlineError) || error.status >= 500;
}

/** Seconds: 30, 60, 120 … at most an hour, or what the other server asked for if that is longer. */
export function waitFor(failures: number, asked = 0): number {
  return Math.max(Math.min(30 * 2 ** (failures - 1), 3600), asked);
}

async function giveUp(job: Job, why: work.Reason, shop: Workshop): Promise<Outcome> {
  await work.saveFailed(shop.db, job, why, shop.now());
  return { type: "dead", reason: why.reason };
}

const wroteBefore = (row: Row): Wrote => (row.wrote === null ? {} : JSON.parse(row.wrote));
