import { html, raw } from "hono/html";

type Html = ReturnType<typeof html>;

/** The part of JSON Schema that the document uses. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  items?: Schema | boolean;
  prefixItems?: Schema[];
  minItems?: number;
  maxItems?: number;
  anyOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  minLength?: number;
  maxLength?: number;
  default?: unknown;
  contentMediaType?: string;
}

export const nameOf = (ref: string): string => ref.slice(ref.lastIndexOf("/") + 1);

/** Text whose backticks mark code. */
export function prose(text = ""): Html {
  const parts = text.split("`").map((part, i) => (i % 2 ? html`<code>${part}</code>` : part));
  return html`${parts}`;
}

/** A schema in one line: what kind of value it is. */
export function kind(schema: Schema): Html {
  const { $ref, anyOf, prefixItems, items, properties, additionalProperties: rest } = schema;
  if ($ref) return html`<a href="#${nameOf($ref)}">${nameOf($ref)}</a>`;
  if (anyOf) return joined(anyOf.map(kind), " or ");
  if (schema.enum) return joined(schema.enum.map(literal), " | ");
  if (schema.const !== undefined) return literal(schema.const);
  if (prefixItems) {
    const least = schema.minItems ?? prefixItems.length;
    const parts = prefixItems.map((item, i) => html`${kind(item)}${i < least ? "" : "?"}`);
    return html`[${joined(parts, ", ")}]`;
  }
  if (schema.type === "array")
    return html`list of ${typeof items === "object" ? kind(items) : "anything"}`;
  if (properties) return html`object`;
  if (typeof rest === "object") return html`object of ${kind(rest)}`;
  if (schema.contentMediaType) return html`file`;
  return html`${[schema.type ?? "anything"].flat().join(" | ")}${limits(schema)}`;
}

/** An object's keys, and those of objects inside it. */
export function fields(schema: Schema): Html | string {
  if (schema.anyOf) return html`${schema.anyOf.map((one) => fields(one))}`;
  const inner = schema.items;
  if (typeof inner === "object" && inner.properties) return fields(inner);
  if (!schema.properties) return "";
  const rows = Object.entries(schema.properties).map(
    ([name, of]) => html`<li>
      <code>${name}</code> <span class="kind">${kind(of)}</span>
      ${schema.required?.includes(name) ? "" : html`<span class="kind">optional</span>`}
      ${of.description ? html`<p>${prose(of.description)}</p>` : ""} ${fields(of)}
    </li>`,
  );
  return html`<ul class="fields">${rows}</ul>`;
}

const literal = (value: unknown): Html => html`<code>${JSON.stringify(value)}</code>`;

/** Zod bounds its integers by what a double holds: that says nothing. */
const bound = (value: number | undefined): value is number =>
  value !== undefined && Math.abs(value) !== Number.MAX_SAFE_INTEGER;

function limits(schema: Schema): string {
  const { minimum, maximum, exclusiveMinimum: above, minLength, maxLength } = schema;
  const [from, to] = [bound(minimum) ? minimum : "", bound(maximum) ? maximum : ""];
  return [
    from !== "" || to !== "" ? ` ${from}..${to}` : "",
    bound(above) ? ` above ${above}` : "",
    minLength !== undefined || maxLength !== undefined
      ? `, ${minLength ?? 0}..${maxLength ?? ""} characters`
      : "",
    schema.format ? `, ${schema.format}` : "",
    schema.pattern ? `, ${schema.pattern}` : "",
    schema.default === undefined ? "" : `, by default ${JSON.stringify(schema.default)}`,
  ].join("");
}

function joined(parts: Html[], between: string): Html {
  return html`${parts.flatMap((part, i) => (i === 0 ? [part] : [raw(between), part]))}`;
}
