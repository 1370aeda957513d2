import { LANGUAGES, type Language, setLanguage } from "./words/words.ts";

export const PLACES = ["edge", "device"] as const;
/** Where pictures are tagged. */
export type Place = (typeof PLACES)[number];
export const THEMES = ["light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** Storage may be denied; a setting then lasts as long as the page. */
function stored<T extends string>(name: string, allowed: readonly T[], otherwise: T): T {
  try {
    const value = localStorage.getItem(name) as T | null;
    return value !== null && allowed.includes(value) ? value : otherwise;
  } catch {
    return otherwise;
  }
}

function store(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // it lasts as long as the page
  }
}

export const settings = {
  place: stored<Place>("place", PLACES, "edge"),
  language: stored<Language>("language", LANGUAGES, preferredLanguage()),
  theme: stored<Theme>("theme", THEMES, preferredTheme()),
};

function preferredLanguage(): Language {
  return navigator.languages.some((tag) => tag.startsWith("ko")) &&
    !navigator.language.startsWith("en")
    ? "ko"
    : "en";
}

function preferredTheme(): Theme {
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** Changes a setting, keeps it, and shows it in the document. */
export function change<K extends keyof typeof settings>(
  name: K,
  value: (typeof settings)[K],
): void {
  settings[name] = value;
  store(name, value);
  apply();
}

export function apply(): void {
  const root = document.documentElement;
  root.dataset.theme = settings.theme;
  root.lang = settings.language;
  setLanguage(settings.language);
}
