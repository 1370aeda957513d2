/** A label or colour as it is shown: the ids of `model/labels.json` in words. */
export function nameOf(id: string): string {
  const words = id.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
