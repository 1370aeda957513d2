import type { z } from "zod";
import type { Language } from "../../model/names.ts";
import type { Picture } from "../fetch/picture.ts";
import type { CmsApi } from "./api.ts";
import type { Words } from "./words.ts";

/** A webhook request as received: nothing in it has been parsed, nothing in it is trusted yet. */
export interface Received {
  method: string;
  /** Path and query, as sent. */
  path: string;
  headers: Headers;
  /** The raw bytes: every signature is over these, never over re-encoded JSON. */
  body: Uint8Array<ArrayBuffer>;
  /** Milliseconds since the epoch. */
  now: number;
}

/** What a successful verification establishes. */
export interface Verified {
  /**
   * Names this delivery: an id the sender SIGNED, else the SHA-256 of the signed bytes. `null` where
   * two honest deliveries may be byte-identical, so that only the work key can tell a repetition.
   */
  delivery: string | null;
  /** The one asset the signature speaks for, where the signature does not cover the body. */
  subject?: string;
}

/** One thing that happened to one asset, as read from a verified body. */
export type CmsEvent = Upload | Deletion;

/** An asset is gone, or everything that belongs to a parent. */
export type Deletion = { type: "delete"; asset: string } | { type: "delete"; parent: string };

export interface Upload {
  type: "upload";
  /** The CMS's id of the asset. */
  asset: string;
  /** Which file: changes when the file does, and never when only tags or texts are edited. */
  identity: string;
  /** Assets that share one set of tags in the CMS (the pictures of one product). */
  parent?: string;
  /** The file was replaced, and the sender cannot say by what: look again whatever the identity. */
  replaced?: boolean;
  /** What `locate` and `write` need later; kept in the row. */
  ref: Ref;
}

export type Ref = Record<string, string>;

/** A row's asset, as `locate` and `write` see it. */
export interface Asset {
  asset: string;
  parent: string | null;
  ref: Ref;
  /** The words of every tagged asset of the same parent, this one included; empty without a parent. */
  family: readonly { asset: string; tags: readonly string[] }[];
}

/** What the last write-back left in the CMS, to tell our own text from a person's. */
export interface Wrote {
  alt?: string;
}

/** One configured source: the parsed options of its kind, its secrets, and how to reach it. */
export interface Source<Options = BaseOptions> {
  name: string;
  options: Options;
  /** One or two: the second is accepted while the first is being rotated. */
  secrets: string[];
  token: string | undefined;
  /** `HEMLINE_ENV=development`: exact configured origins may be http, an IP address or a port. */
  development: boolean;
  /** The bucket behind an `r2` source. */
  bucket?: R2Bucket | undefined;
}

/** What every kind's options have. */
export interface BaseOptions {
  kind: string;
  base?: string | undefined;
  /** Hosts that pictures may be fetched from. */
  hosts: string[];
  write: unknown;
  /** Of the words that are written; without it they are the labels' ids. */
  lang?: Language | undefined;
}

/**
 * One CMS. `verify` throws nothing: it answers `null` for whatever it does not believe, so that an
 * unverified sender learns nothing but the 401.
 */
export interface Kind<Options extends BaseOptions = BaseOptions> {
  schema: z.ZodType<Options>;
  verify(received: Received, source: Source<Options>): Promise<Verified | null>;
  /** Reads a verified body. An empty list means "no image upload": a 200 that says ignored. Throws a ZodError on a wrong shape. */
  events(body: unknown, source: Source<Options>, verified: Verified): CmsEvent[];
  /** When the body says it was sent, and how old that may be (ms): for senders that sign no time. */
  sent?(body: unknown): { at: number; maxAge: number } | null;
  /** How our own requests are authorised; `Bearer <token>` where a kind says nothing. */
  authorize?(token: string, source: Source<Options>): Record<string, string>;
  /** Where the picture is, or its bytes. */
  locate(asset: Asset, source: Source<Options>, api: CmsApi): Promise<Picture>;
  /** Writes words beside what people wrote, after a fresh read; idempotent. */
  write(
    asset: Asset,
    words: Words,
    source: Source<Options>,
    api: CmsApi,
    wrote: Wrote,
  ): Promise<Wrote>;
  /** Images uploaded since a time (milliseconds), for senders that never repeat a lost delivery. */
  recent?(since: number, source: Source<Options>, api: CmsApi): Promise<Upload[]>;
}
