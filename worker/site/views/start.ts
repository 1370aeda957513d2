import { el } from "../dom.ts";
import { SAMPLES, type Sample } from "../intake/samples.ts";
import type { Start } from "../state.ts";
import { nameOf } from "../words/label-names.ts";
import { say } from "../words/words.ts";

export interface StartActions {
  take(files: File[]): void;
  sample(name: Sample): void;
}

/** Before any picture: where to drop one, and samples. */
export function startView(state: Start, actions: StartActions): HTMLElement {
  return el(
    "main",
    { id: "content", class: "start" },
    el("h1", { class: "lead" }, say("lead")),
    el(
      "div",
      { class: "drop" },
      el("p", { class: "drop-title" }, say("drop")),
      el("p", { class: "muted" }, say("dropHint")),
      choosers(actions.take),
      el("p", { class: "muted small" }, say("formats")),
      state.note && el("p", { class: "problem", role: "alert" }, say(state.note)),
    ),
    el(
      "section",
      { class: "samples", "aria-labelledby": "samples-title" },
      el("h2", { id: "samples-title", class: "label" }, say("samples")),
      el("div", { class: "sample-row" }, ...Object.entries(SAMPLES).map(sample)),
    ),
  );

  function sample([name, address]: [string, string]): HTMLElement {
    const words = nameOf(name);
    return el(
      "button",
      {
        class: "sample",
        "data-sample": name,
        "aria-label": say("sample", { name: words }),
        onclick: () => actions.sample(name as Sample),
      },
      el("img", { src: address, alt: "", width: 120, height: 150 }),
      el("span", {}, words),
    );
  }
}

/** Buttons that open the system's file dialogue, for pictures and for a folder. */
export function choosers(take: (files: File[]) => void): HTMLElement {
  const pictures = el("input", {
    type: "file",
    id: "pictures",
    accept: "image/*",
    multiple: true,
    hidden: true,
  });
  const folder = el("input", { type: "file", id: "folder", webkitdirectory: true, hidden: true });
  for (const input of [pictures, folder]) {
    input.addEventListener("change", () => {
      const files = [...(input.files ?? [])];
      // The same choice again is a change again.
      input.value = "";
      if (files.length > 0) take(files);
    });
  }
  return el(
    "div",
    { class: "choosers" },
    pictures,
    folder,
    el("button", { class: "strong", onclick: () => pictures.click() }, say("choosePictures")),
    el("button", { onclick: () => folder.click() }, say("chooseFolder")),
  );
}
