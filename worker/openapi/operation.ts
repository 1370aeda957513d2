/** How a route is described beside its code, for `GET /openapi.json` and `/docs`. */
import type { MiddlewareHandler } from "hono";
import { type DescribeRouteOptions, describeRoute, resolver } from "hono-openapi";
import type { z } from "zod";
import { ERRORS, type ErrorCode } from "../errors.ts";
import { Problem } from "../schemas/problem.ts";

/** The chapters of the reference. */
export type Chapter = "Tagging" | "Webhooks" | "Assets" | "Backfills" | "About";

/** What a caller must show; see `SCHEMES` in `document.ts`. */
export type Access = "key" | "admin" | "sender" | "anybody";

type Content = Record<string, { schema?: unknown; example?: unknown; examples?: unknown }>;

export interface Operation {
  chapter: Chapter;
  summary: string;
  description?: string;
  access: Access;
  /** By media type; `schema` is Zod's (see `json`) or JSON Schema. */
  body?: Content;
  /** By status, those that are no errors. */
  answers: Record<number, { description: string; content?: Content; headers?: object }>;
  /** The codes that this route answers, beside those of its access and `internal`. */
  errors?: readonly ErrorCode[];
}

const OF_ACCESS: Record<Access, readonly ErrorCode[]> = {
  key: ["unauthorized", "closed", "rate_limited"],
  admin: ["unauthorized", "rate_limited", "not_on_this_host"],
  sender: ["unauthorized", "rate_limited", "not_on_this_host"],
  anybody: [],
};

/** Describes the route that it stands in as middleware; does nothing to requests. */
export function operation(of: Operation): MiddlewareHandler {
  const codes = [
    ...new Set<ErrorCode>([...(of.errors ?? []), ...OF_ACCESS[of.access], "internal"]),
  ];
  const options = {
    tags: [of.chapter],
    summary: of.summary,
    ...(of.description ? { description: of.description } : {}),
    security: of.access === "anybody" || of.access === "sender" ? [] : [{ [of.access]: [] }],
    ...(of.body ? { requestBody: { required: true, content: of.body } } : {}),
    responses: { ...of.answers, ...problems(codes) },
  };
  // The package's types know JSON Schema draft 7 alone; OpenAPI 3.1 has that of 2020-12.
  return describeRoute(options as DescribeRouteOptions);
}

/** Content of one JSON schema; `example` is valid by it and, in a request, gets a good answer. */
export function json(schema: z.ZodType, example?: unknown): Content {
  return of("application/json", schema, example);
}

export function of(type: string, schema: z.ZodType, example?: unknown): Content {
  return { [type]: { schema: resolver(schema), ...(example === undefined ? {} : { example }) } };
}

/** A file's bytes. */
export const file = { type: "string", contentMediaType: "application/octet-stream" };

/** One answer for each status, naming the codes that it may carry. */
function problems(codes: readonly ErrorCode[]): Operation["answers"] {
  const byStatus = Map.groupBy(codes, (code) => ERRORS[code][0]);
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      status,
      {
        description: group.map((code) => `\`${code}\`: ${ERRORS[code][1]}.`).join(" "),
        content: {
          "application/problem+json": {
            schema: resolver(
              Problem.extend({ code: Problem.shape.code.extract(group as [ErrorCode]) }),
            ),
          },
        },
      },
    ]),
  );
}
