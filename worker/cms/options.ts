import { z } from "zod";
import { placeholders } from "./words.ts";

/** A host name, or "*." and one of at least two labels. */
export const host = z
  .string()
  .regex(
    /^(\*\.)?([a-z0-9-]+\.)+[a-z][a-z0-9-]*$/,
    "must be a host name such as cdn.example.com or *.example.com",
  );
export const origin = z
  .string()
  .refine(isOrigin, "must be an origin such as http://127.0.0.1:1337");

/** Hosts of pictures; an entry with a scheme is an exact origin and counts in development only. */
export const hosts = (...defaults: string[]) => z.array(z.union([host, origin])).default(defaults);

export const base = z.url({ protocol: /^https?$/ });

/** How our requests to the CMS are authorised: the word before the token. */
export const scheme = (fallback: string) =>
  z
    .string()
    .regex(/^[\w -]{0,40}$/)
    .default(fallback);

const template = (fallback: string) =>
  z
    .string()
    .max(500)
    .refine(
      (text) =>
        [...text.matchAll(/\{(\w*)\}/g)].every(([, name]) =>
          (placeholders as readonly string[]).includes(name ?? ""),
        ),
      `may use only ${placeholders.map((name) => `{${name}}`).join(" ")}`,
    )
    .default(fallback);

const defaultTemplate = "{color} {texture} {category}";

/** A field name, dotted where it is nested ("meta.hemline_tags"). */
const field = (fallback: string) =>
  z
    .string()
    .regex(/^[\w-]+(\.[\w-]+)*$/)
    .default(fallback);

/** Marks our tags; empty only where a field is wholly ours. */
const prefix = (fallback: string) => z.string().max(40).default(fallback);
/** Where people's tags share the list, a mark is needed to tell ours. */
const requiredPrefix = prefix("hemline:").refine(
  (text) => text !== "",
  "must not be empty: people's tags share this list",
);

/** Settings of a text written only where no person wrote one. */
export const alt = (name?: string) =>
  z
    .union([
      z.literal(false),
      z.strictObject({ field: field(name ?? "alt"), template: template(defaultTemplate) }),
    ])
    .prefault({});
export const fixedAlt = () =>
  z.union([z.literal(false), z.strictObject({ template: template(defaultTemplate) })]).prefault({});

/** Settings of a list or line of tags in a field of one's choice. */
export const tags = (name: string, mark = "hemline:") =>
  z
    .union([z.literal(false), z.strictObject({ field: field(name), prefix: prefix(mark) })])
    .prefault({});
export const sharedTags = () =>
  z.union([z.literal(false), z.strictObject({ prefix: requiredPrefix })]).prefault({});

/** A field that gets the whole answer as JSON; none by default. */
export const metadata = z
  .union([z.literal(false), z.strictObject({ field: z.string().regex(/^[\w-]+(\.[\w-]+)*$/) })])
  .default(false);

/** `write: false` keeps the tags here and changes nothing in the CMS. */
export const write = <S extends z.ZodRawShape>(shape: S) =>
  z.union([z.literal(false), z.strictObject(shape)]);

/** The template of a write setting, for `toWords`. */
export function templateOf(settings: unknown): string {
  const parsed = z.object({ alt: z.object({ template: z.string() }) }).safeParse(settings);
  return parsed.success ? parsed.data.alt.template : defaultTemplate;
}

function isOrigin(text: string): boolean {
  try {
    return new URL(text).origin === text && /^https?:/.test(text);
  } catch {
    return false;
  }
}
