const NAME = "hemline-key";
let kept: string | undefined;

/** The key for the API: kept for the tab, or as long as the page where storage is denied. */
export function readKey(): string | undefined {
  try {
    return sessionStorage.getItem(NAME) ?? kept;
  } catch {
    return kept;
  }
}

export function keepKey(key: string | undefined): void {
  kept = key;
  try {
    if (key === undefined) sessionStorage.removeItem(NAME);
    else sessionStorage.setItem(NAME, key);
  } catch {
    // `kept` holds it
  }
}
