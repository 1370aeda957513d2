import { el } from "../dom.ts";
import type { Problem } from "../words/problems.ts";
import { say } from "../words/words.ts";

/** What went wrong, in words, with the API's own detail and code below, and a way to try again. */
export function problemNote(problem: Problem, again: () => void): HTMLElement {
  const { words, detail, code, retryAfter } = problem;
  return el(
    "div",
    { class: "problem", role: "alert" },
    el("p", { class: "problem-words" }, words),
    retryAfter !== undefined && el("p", {}, say("waitFor", { n: retryAfter })),
    detail && detail !== words && el("p", { class: "muted small", lang: "en" }, detail),
    el("p", { class: "muted small" }, el("code", {}, code)),
    el("button", { onclick: again }, say("again")),
  );
}
