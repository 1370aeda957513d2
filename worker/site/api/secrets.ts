/** What the API may ask for: a caller's key, or the administrator's token. */
export type SecretName = "key" | "admin";

const kept = new Map<SecretName, string>();
const place = (name: SecretName): string => `hemline-${name}`;

/** Kept for the tab, or as long as the page where storage is denied. */
export function readSecret(name: SecretName): string | undefined {
  try {
    return sessionStorage.getItem(place(name)) ?? kept.get(name);
  } catch {
    return kept.get(name);
  }
}

export function keepSecret(name: SecretName, value: string): void {
  kept.set(name, value);
  try {
    sessionStorage.setItem(place(name), value);
  } catch {
    // `kept` holds it
  }
}

export function forgetSecret(name: SecretName): void {
  kept.delete(name);
  try {
    sessionStorage.removeItem(place(name));
  } catch {
    // `kept` held it
  }
}
