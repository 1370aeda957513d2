import type { Env, Hono } from "hono";
import { generateSpecs } from "hono-openapi";

/** What `Access` in `operation.ts` names. */
const SCHEMES = {
  key: {
    type: "http",
    scheme: "bearer",
    description: "An API key. None is needed where the operator opened the API.",
  },
  admin: {
    type: "http",
    scheme: "bearer",
    description: "The administrator's token, the secret HEMLINE_ADMIN_TOKEN.",
  },
} as const;

const CHAPTERS = [
  { name: "Tagging", description: "A picture goes in, tags come out." },
  { name: "Webhooks", description: "A CMS says that a picture was uploaded." },
  { name: "Assets", description: "The work that webhooks have brought, for whoever runs this." },
  { name: "Backfills", description: "A whole bucket of pictures." },
  { name: "About", description: "What runs here." },
];

const DESCRIPTION = `Tags photographs of clothing: category, attributes, landmarks, colours.

Errors are problem documents (RFC 9457) with a stable \`code\`. Parameters that a route does not
know are ignored. Where an answer has \`Retry-After\`, the same request may succeed so many seconds later.`;

export type Document = Awaited<ReturnType<typeof generateSpecs>>;

/** The OpenAPI 3.1 document of an app, from what stands beside its routes. */
export function documentOf<E extends Env>(app: Hono<E>): Promise<Document> {
  return generateSpecs(app, {
    documentation: {
      openapi: "3.1.1",
      info: {
        title: "Hemline",
        version: "1",
        description: DESCRIPTION,
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      servers: [{ url: "/" }],
      tags: CHAPTERS,
      components: { securitySchemes: SCHEMES },
    },
    excludeStaticFile: false,
    defaultValidationErrorResponse: false,
  });
}
