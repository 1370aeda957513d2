/**
 * A tag list in which people's tags stay, in their order, and ours are replaced. Ours are those that
 * begin with the prefix; with an empty prefix the whole field is ours. `null` where nothing changes.
 */
export function mergeTags(
  current: readonly string[],
  words: readonly string[],
  prefix: string,
): string[] | null {
  const theirs = prefix === "" ? [] : current.filter((tag) => !tag.startsWith(prefix));
  const merged = [...new Set([...theirs, ...words.map((word) => prefix + word)])];
  return sameList(merged, current) ? null : merged;
}

/**
 * Tags kept as one line of text ("hemline: dress, navy"), for fields without a list. A text that does
 * not begin with the prefix is a person's and stays. `null` where nothing changes.
 */
export function mergeLine(
  current: string | null | undefined,
  words: readonly string[],
  prefix: string,
): string | null {
  const text = current ?? "";
  if (text !== "" && (prefix === "" || !text.startsWith(prefix))) return null;
  const line = words.length === 0 ? "" : `${prefix} ${words.join(", ")}`.trim();
  return line === text ? null : line;
}

/**
 * The alt text to write, or `null` to leave what is there: a text that a person wrote is never
 * overwritten, one that we wrote last time is.
 */
export function mergeAlt(
  current: string | null | undefined,
  alt: string,
  wroteLast: string | undefined,
): string | null {
  const text = (current ?? "").trim();
  if (text !== "" && text !== wroteLast) return null;
  return text === alt ? null : alt;
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
