import { readFileSync } from "node:fs";

const TEMPLATE = new URL("../../worker/site/index.html", import.meta.url);

/** The page with the addresses of what it loads. */
export function html(names: Record<string, string>): string {
  return readFileSync(TEMPLATE, "utf8").replaceAll(/\{\{(\w+)\}\}/g, (_, name) => {
    const value = names[name];
    if (value === undefined) throw new Error(`worker/site/index.html asks for {{${name}}}`);
    return value;
  });
}
