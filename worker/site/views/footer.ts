import { el } from "../dom.ts";
import type { Place } from "../settings.ts";
import type { State } from "../state.ts";
import { say } from "../words/words.ts";

/** What becomes of the pictures, and where to read more. */
export function footer(place: Place, kind: State["kind"]): HTMLElement {
  return el(
    "footer",
    { class: "foot muted small" },
    el("p", { id: "place-hint" }, say(place === "edge" ? "edgeHint" : "deviceHint")),
    el(
      "nav",
      {},
      kind === "backfills"
        ? el("a", { href: "#" }, say("home"))
        : el("a", { href: "#backfills" }, say("backfills")),
      el("a", { href: "/docs" }, say("docs")),
    ),
  );
}
