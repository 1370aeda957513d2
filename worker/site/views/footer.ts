import { el } from "../dom.ts";
import type { Place } from "../settings.ts";
import { say } from "../words/words.ts";

/** What becomes of the pictures, and where to read more. */
export function footer(place: Place): HTMLElement {
  return el(
    "footer",
    { class: "foot muted small" },
    el("p", { id: "place-hint" }, say(place === "edge" ? "edgeHint" : "deviceHint")),
    el("a", { href: "/docs" }, say("docs")),
  );
}
