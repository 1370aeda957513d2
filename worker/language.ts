import type { Context } from "hono";
import { accepts } from "hono/accepts";
import { LANGUAGES, type Language } from "../model/names.ts";

/**
 * The language of a request's names: `?lang=` where it is given, else the best of Accept-Language
 * (RFC 9110, section 12.5.4; `de-AT` finds `de`). None where neither names one that is there: the
 * answer then has ids alone. `*` names none: fetch in Node sends it unasked.
 */
export function languageOf(c: Context, asked: Language | undefined): Language | undefined {
  if (asked !== undefined) return asked;
  const found = accepts(c, {
    header: "Accept-Language",
    supports: [...LANGUAGES],
    default: "",
    match: (ranges, { supports }) =>
      ranges
        .filter(({ q }) => q > 0)
        .map(({ type }) => supports.find((language) => covers(type, language)))
        .find((language) => language !== undefined) ?? "",
  });
  return LANGUAGES.find((language) => language === found);
}

const covers = (range: string, language: string): boolean =>
  range.toLowerCase().split("-")[0] === language;

/** Tells caches that the answer depends on Accept-Language, and readers what it is in. */
export function sayLanguage(c: Context, language: Language | undefined): void {
  c.header("vary", "Accept-Language", { append: true });
  if (language !== undefined) c.header("content-language", language);
}
