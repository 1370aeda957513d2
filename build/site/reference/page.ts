import { html } from "hono/html";
import type { Document } from "../../../worker/openapi/document.ts";
import { fields, kind, nameOf, prose, type Schema } from "./schema.ts";

type Html = ReturnType<typeof html>;

interface Media {
  schema?: Schema;
  example?: unknown;
}
interface Operation {
  operationId: string;
  summary: string;
  description?: string;
  tags: string[];
  security: Record<string, unknown>[];
  parameters?: { in: string; name: string; description?: string; schema: Schema }[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { description: string; content?: Record<string, Media> }>;
}
interface Route extends Operation {
  method: string;
  path: string;
}

/** The OpenAPI document as one page without a script. `addresses`: of its files. */
export async function referencePage(
  document: Document,
  addresses: { style: string; icon: string },
): Promise<string> {
  const { info, tags = [], components } = document;
  const routes = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods as unknown as Record<string, Operation>).map(
      ([method, operation]): Route => ({ ...operation, path, method: method.toUpperCase() }),
    ),
  );
  const chapters = tags
    .map(({ name, description }) => ({
      ...{ name, description },
      routes: routes.filter((route) => route.tags.includes(name)),
    }))
    .filter((chapter) => chapter.routes.length > 0);
  const schemas = Object.entries((components?.schemas ?? {}) as Record<string, Schema>);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${info.title}: reference</title>
        <link rel="icon" href="${addresses.icon}" />
        <link rel="stylesheet" href="${addresses.style}" />
      </head>
      <body>
        <nav aria-label="Contents">
          <p><a href="/">${info.title}</a> <a href="/openapi.json">openapi.json</a></p>
          ${chapters.map(
            (chapter) => html`<h2>${chapter.name}</h2>
              <ul>
                ${chapter.routes.map(
                  ({ operationId, summary }) =>
                    html`<li><a href="#${operationId}">${summary}</a></li>`,
                )}
              </ul>`,
          )}
          <h2>Values</h2>
          <ul>
            ${schemas.map(([name]) => html`<li><a href="#${name}">${name}</a></li>`)}
          </ul>
        </nav>
        <main>
          <h1>${info.title}</h1>
          ${(info.description ?? "").split("\n\n").map((text) => html`<p>${prose(text)}</p>`)}
          ${chapters.map(
            (chapter) => html`<section>
              <h2>${chapter.name}</h2>
              <p>${prose(chapter.description)}</p>
              ${chapter.routes.map(route)}
            </section>`,
          )}
          <section>
            <h2>Values</h2>
            ${schemas.map(
              ([name, schema]) => html`<article id="${name}">
                <h3>${name}</h3>
                ${schema.description ? html`<p>${prose(schema.description)}</p>` : ""}
                <p class="kind">${kind(schema)}</p>
                ${fields(schema)}
              </article>`,
            )}
          </section>
        </main>
      </body>
    </html>`;
  return String(await page);
}

const ACCESS: Record<string, string> = {
  key: "An API key as bearer token, unless the operator opened this.",
  admin: "The administrator's token as bearer token.",
};

function route({ method, path, ...operation }: Route): Html {
  const { operationId, summary, description, security, parameters = [] } = operation;
  const answers = Object.entries(operation.responses);
  const bodies = Object.entries(operation.requestBody?.content ?? {});
  const [scheme] = Object.keys(security[0] ?? {});
  return html`<article id="${operationId}">
    <h3>${summary}</h3>
    <p class="route"><code>${method} ${path}</code></p>
    ${description ? html`<p>${prose(description)}</p>` : ""}
    ${scheme ? html`<p>${ACCESS[scheme]}</p>` : ""}
    ${parameters.length > 0 ? html`<h4>Parameters</h4>` : ""}
    <ul class="fields">
      ${parameters.map(
        ({ name, in: where, schema, description: text }) => html`<li>
          <code>${name}</code> <span class="kind">${where}, ${kind(schema)}</span>
          ${text ? html`<p>${prose(text)}</p>` : ""}
        </li>`,
      )}
    </ul>
    ${bodies.length > 0 ? html`<h4>Body</h4>` : ""}
    ${bodies.map(([type, media]) => html`<div><code>${type}</code> ${content(media)}</div>`)}
    <pre>${curl(method, path, scheme !== undefined, bodies)}</pre>
    <h4>Answers</h4>
    <dl>
      ${answers.map(
        ([status, { description: text, content: of = {} }]) => html`<dt>${status}</dt>
          <dd>
            ${prose(text)}
            ${Object.entries(of)
              .filter(([type]) => type !== "application/problem+json")
              .map(([type, media]) => html`<div><code>${type}</code> ${content(media)}</div>`)}
          </dd>`,
      )}
    </dl>
  </article>`;
}

/** How to try it: a file where it takes one, else its example. */
function curl(method: string, path: string, closed: boolean, bodies: [string, Media][]): string {
  const types = new Map(bodies);
  const body = types.has("image/*")
    ? "--data-binary @photo.jpg"
    : types.has("multipart/form-data")
      ? "-F image=@one.jpg -F image=@two.jpg"
      : types.has("application/json")
        ? `-H "content-type: application/json" -d '${JSON.stringify(types.get("application/json")?.example ?? {})}'`
        : method === "GET"
          ? ""
          : `-X ${method}`;
  const key = closed ? '-H "authorization: Bearer $KEY"' : "";
  return ["curl", key, body, `$HEMLINE${path}`].filter(Boolean).join(" ");
}

function content({ schema, example }: Media): Html | string {
  if (schema === undefined) return "";
  const shown = example === undefined ? "" : html`<pre>${JSON.stringify(example, null, 2)}</pre>`;
  if (schema.$ref)
    return html`<a href="#${nameOf(schema.$ref)}">${nameOf(schema.$ref)}</a>${shown}`;
  return html`<span class="kind">${kind(schema)}</span>${fields(schema)}${shown}`;
}
