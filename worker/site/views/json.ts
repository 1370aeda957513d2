import { el } from "../dom.ts";
import { say } from "../words/words.ts";

/** The answer as the API gives it, with a button that copies it. */
export function jsonPanel(value: object): HTMLElement {
  const text = pretty(value);
  const note = el("span", { class: "muted small", role: "status" });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      note.textContent = say("copied");
    } catch {
      note.textContent = say("noCopy");
    }
    setTimeout(() => note.replaceChildren(), 2000);
  };
  return el(
    "section",
    { class: "json", "aria-labelledby": "json-title" },
    el(
      "div",
      { class: "panel-head" },
      el("h2", { id: "json-title", class: "label" }, say("json")),
      note,
      el("button", { class: "quiet small", onclick: copy }, say("copy")),
    ),
    // It scrolls, so the keyboard must reach it.
    el("pre", { tabindex: "0", "aria-label": say("json") }, el("code", {}, ...coloured(text))),
  );
}

/** Indented, but a list of plain values stays on its line. */
export function pretty(value: object): string {
  return JSON.stringify(value, null, 2).replaceAll(
    /\[\s+([^[\]{}]*?)\s+\]/g,
    (_, items: string) => `[${items.replaceAll(/\s*\n\s*/g, " ")}]`,
  );
}

/** Keys, strings and numbers apart. */
function coloured(text: string): (string | HTMLElement)[] {
  return text.split(/("(?:[^"\\]|\\.)*"(?:\s*:)?|-?\d+(?:\.\d+)?)/).map((piece, i) => {
    if (i % 2 === 0) return piece;
    const kind = piece.endsWith(":") ? "key" : piece.startsWith('"') ? "string" : "number";
    return el("span", { class: kind }, piece);
  });
}
