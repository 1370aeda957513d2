import { el } from "../dom.ts";
import type { Single } from "../state.ts";
import type { Heatmap, Heatmaps } from "../tagging/explain.ts";
import type { Answer } from "../tagging/tagging.ts";
import { categoryName, nameOf } from "../words/label-names.ts";
import { say } from "../words/words.ts";
import { type Figure, figure } from "./figure.ts";
import { jsonPanel } from "./json.ts";
import { problemNote } from "./problem.ts";
import { choosers } from "./start.ts";
import { tagsPanel } from "./tags.ts";

export interface SingleActions {
  take(files: File[]): void;
  again(): void;
  back(): void;
}

/** One picture: it, its tags, the JSON. */
export function singleView(state: Single, actions: SingleActions): HTMLElement {
  const { picture, address, answer, problem, from } = state;
  const shown = figure(picture.name, address, answer?.tags);
  return el(
    "main",
    { id: "content", class: "single", "aria-busy": String(answer === undefined && !problem) },
    el(
      "div",
      { class: "single-picture" },
      shown.element,
      caption(state),
      answer && toggles(shown, answer),
      from
        ? el("button", { onclick: actions.back }, say("back"))
        : el("div", { class: "another" }, choosers(actions.take)),
    ),
    el(
      "div",
      { class: "single-tags" },
      answer && tagsPanel(answer.tags),
      answer && timing(answer),
      problem && problemNote(problem, actions.again),
      !answer && !problem && busy(state.loading),
    ),
    el("div", { class: "single-json" }, answer && jsonPanel(answer.tags)),
  );
}

function caption({ picture, answer }: Single): HTMLElement {
  const { width, height, format } = answer?.tags.image ?? {};
  return el(
    "p",
    { class: "caption muted small" },
    el("span", { class: "file-name" }, picture.name),
    format &&
      el(
        "span",
        {},
        say("pixels", { width: width ?? 0, height: height ?? 0, format: format.toUpperCase() }),
      ),
  );
}

function busy(loading: boolean): HTMLElement {
  return el(
    "div",
    { class: "busy" },
    el("p", {}, say(loading ? "loading" : "tagging")),
    el("div", { class: "busy-thread", "aria-hidden": "true" }),
  );
}

function timing({ ms, place, runtime }: Answer): HTMLElement {
  const rounded = Math.max(1, Math.round(ms));
  return el(
    "p",
    { class: "timing muted small", "data-threads": runtime?.threads },
    say(place === "edge" ? "edgeTime" : "deviceTime", { ms: rounded }),
    ...(runtime
      ? [
          " · ",
          runtime.threads === 1 ? say("thread") : say("threads", { n: runtime.threads }),
          " · ",
          runtime.engine,
        ]
      : []),
  );
}

/** Landmarks on and off, and one heatmap at a time. */
function toggles(shown: Figure, { tags, heatmaps }: Answer): HTMLElement {
  const landmarks = toggle(say("landmarks"), true, (on) => shown.landmarks(on));
  return el(
    "div",
    { class: "toggles" },
    Object.keys(tags.landmarks).length > 0 && landmarks,
    heatmaps && heatmapToggles(shown, heatmaps),
  );
}

function heatmapToggles(shown: Figure, { category, landmarks }: Heatmaps): HTMLElement {
  const all: HTMLButtonElement[] = [];
  const one = (name: string, map: Heatmap) => {
    const button = toggle(name, false, (on) => {
      for (const other of all) {
        if (other !== button) other.setAttribute("aria-pressed", "false");
      }
      shown.heat(on ? map : undefined);
    });
    button.title = say("heatmapOf", { name });
    all.push(button);
    return button;
  };
  return el(
    "div",
    { class: "heatmaps", role: "group", "aria-label": say("heatmap") },
    el("span", { class: "label" }, say("heatmap")),
    ...[...category].map(([id, map]) => one(categoryName(id), map)),
    ...[...landmarks].map(([id, map]) => one(nameOf(id), map)),
  );
}

function toggle(name: string, pressed: boolean, change: (on: boolean) => void): HTMLButtonElement {
  const button = el("button", { class: "toggle", "aria-pressed": String(pressed) }, name);
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    change(on);
  });
  return button;
}
