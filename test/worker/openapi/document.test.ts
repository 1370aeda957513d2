import { env as bindings } from "cloudflare:test";
import { type Schema, Validator } from "@cfworker/json-schema";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { createApp, type Env } from "../../../worker/app.ts";
import { ERRORS } from "../../../worker/errors.ts";
import type { JobsEnv } from "../../../worker/jobs/queues.ts";
import { documentOf } from "../../../worker/openapi/document.ts";
import { picture } from "../../fixtures/pictures.ts";
import { adminToken } from "../routes/harness.ts";
import { hostFinding } from "../tagger.ts";

interface Media {
  schema: Schema;
  example?: unknown;
}
interface Described {
  summary: string;
  operationId: string;
  tags: string[];
  security: Record<string, unknown>[];
  parameters?: { in: string; name: string; schema: Schema; description?: string }[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { description: string; content?: Record<string, Media> }>;
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Record<string, Schema>; securitySchemes: Record<string, unknown> };
  tags: { name: string }[];
}

const app = createApp(
  hostFinding({
    category: { dress: 0.9 },
    attributes: { texture: { floral: 0.8 } },
    landmarks: { left_hem: [0.2, 0.9, 0.95] },
  }),
);
const env = {
  ...(bindings as unknown as JobsEnv),
  HEMLINE_ENV: "development",
  HEMLINE_ADMIN_TOKEN: adminToken,
  HEMLINE_URL_HOSTS: inject("hostile"),
  ASSETS: {
    fetch: async ({ url }: { url: string }) =>
      url.endsWith("/docs")
        ? new Response("<!doctype html>", { headers: { "content-type": "text/html" } })
        : Response.json(document),
  },
} as unknown as Env;

let document: Document;
beforeAll(async () => {
  document = (await documentOf(app)) as unknown as Document;
});

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
  );

/** The schema without leave for keys that it does not name: an undocumented key must fail. */
function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== "object" || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, of]) => [key, strict(of)]));
  return "properties" in schema ? { additionalProperties: false, ...inner } : inner;
}

function expectValid(value: unknown, schema: Schema, where: string): void {
  const whole = strict({ ...schema, components: document.components });
  const { valid, errors } = new Validator(whole as Schema, "2020-12", false).validate(value);
  expect(valid, `${where}: ${JSON.stringify(errors.slice(-3))}`).toBe(true);
}

it("is OpenAPI 3.1, names every chapter, and repeats no operation's name", () => {
  expect(document.openapi).toMatch(/^3\.1\./);
  const chapters = new Set(document.tags.map(({ name }) => name));
  for (const { tags } of operations()) for (const tag of tags) expect(chapters).toContain(tag);
  const ids = operations().map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  const schemes = Object.keys(document.components.securitySchemes);
  for (const { security } of operations()) {
    for (const one of security) expect(schemes).toContain(Object.keys(one)[0]);
  }
});

it("every reference leads somewhere", () => {
  for (const [, name] of JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)) {
    const key = /^#\/components\/schemas\/(\w+)$/.exec(name as string)?.[1];
    expect(document.components.schemas, name).toHaveProperty(key as string);
  }
});

it("describes every route of the app", () => {
  const silent = app.routes
    .filter(({ method, path }) => method !== "ALL" && !path.includes("*") && path !== "/")
    .map(({ method, path }) => [
      method.toLowerCase(),
      path.replace(/\/:(\w+)(\{[^}]*\})?/g, "/{$1}"),
    ])
    .filter(([method, path]) => document.paths[path as string]?.[method as string] === undefined);
  expect(silent).toEqual([]);
});

it("every error's code is told, and its status is the right one", () => {
  for (const { path, method, responses } of operations()) {
    for (const [status, { content }] of Object.entries(responses)) {
      const problem = content?.["application/problem+json"];
      if (problem === undefined) continue;
      const codes = (problem.schema.properties as Record<string, { enum: string[] }>).code?.enum;
      expect(codes?.length, `${method} ${path}`).toBeGreaterThan(0);
      for (const code of codes ?? []) {
        expect(ERRORS[code as keyof typeof ERRORS][0]).toBe(Number(status));
      }
    }
  }
});

describe("examples", () => {
  it("of answers are valid", () => {
    for (const { path, method, responses } of operations()) {
      for (const { content } of Object.values(responses)) {
        for (const { schema, example } of Object.values(content ?? {})) {
          if (example !== undefined) expectValid(example, schema, `${method} ${path}`);
        }
      }
    }
  });

  it("of requests are sent, and their answers are as the document says", async () => {
    let sent = 0;
    for (const {
      path,
      method,
      parameters = [],
      requestBody,
      responses,
      security,
    } of operations()) {
      if (path.includes("{") || method === "delete" || path.endsWith("/retry")) continue;
      const bodies = Object.entries(requestBody?.content ?? { none: undefined });
      for (const [type, media] of bodies) {
        if (type === "application/json" && media?.example === undefined) continue;
        for (const query of queries(parameters)) {
          const where = `${method} ${path}${query} ${type}`;
          const response = await app.request(
            path + query,
            requestOf(method, type, media, security),
            env,
          );
          expect(response.status, where).toBe(200);
          const [answerType] = (response.headers.get("content-type") ?? "").split(";");
          const answer = responses[response.status]?.content?.[answerType as string];
          expect(answer, `${where} answered ${answerType}`).toBeDefined();
          await expectAnswer(response, (answer as Media).schema, where);
          sent++;
        }
      }
    }
    expect(sent).toBeGreaterThan(15);
  });
});

/** None, and each parameter's example alone. */
function queries(parameters: Described["parameters"] = []): string[] {
  const given = parameters
    .filter(({ schema }) => schema.example !== undefined)
    .map(({ name, schema }) => `?${name}=${schema.example}`);
  return ["", ...given];
}

function requestOf(
  method: string,
  type: string,
  media: Media | undefined,
  security: Described["security"],
): RequestInit {
  const headers: Record<string, string> = {};
  if (security.some((one) => "admin" in one)) headers.authorization = `Bearer ${adminToken}`;
  const init = { method: method.toUpperCase(), headers };
  if (type === "none") return init;
  if (type === "multipart/form-data") {
    const body = new FormData();
    body.set("image", new Blob([picture("baseline.jpg")]), "a.jpg");
    return { ...init, body };
  }
  headers["content-type"] = type.replace("*", "jpeg");
  if (media?.example === undefined) return { ...init, body: picture("baseline.jpg") };
  return { ...init, body: JSON.stringify(media.example) };
}

async function expectAnswer(response: Response, schema: Schema, where: string): Promise<void> {
  const text = new TextDecoder().decode(await response.arrayBuffer());
  const lines = response.headers.get("content-type")?.includes("ndjson")
    ? text.trimEnd().split("\n")
    : [text];
  for (const line of lines) {
    if (!line.startsWith("<")) expectValid(JSON.parse(line), schema, where);
  }
}

it("an error's document is as the document says", async () => {
  const response = await app.request("/v1/tags?top=0", { method: "POST", body: "x" }, env);
  const told = document.paths["/v1/tags"]?.post?.responses["400"]?.content;
  const media = told?.["application/problem+json"] as Media;
  expectValid(await response.json(), media.schema, "400");
});
