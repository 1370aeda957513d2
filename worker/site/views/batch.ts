import type { Tags } from "../../schemas/tags.ts";
import type { Row } from "../batch/run.ts";
import { el, styled } from "../dom.ts";
import type { Batch } from "../state.ts";
import { duration } from "../words/duration.ts";
import { categoryName, nameOf } from "../words/label-names.ts";
import { inPercent, say } from "../words/words.ts";

export interface BatchActions {
  open(row: Row): void;
  stop(): void;
  home(): void;
  csv(): void;
  json(): void;
}

/** A table that fills as the pictures are tagged; `update` shows what has become of a row. */
export interface BatchView {
  element: HTMLElement;
  update(row: Row): void;
}

const OVER: readonly Row["state"][] = ["done", "failed", "stopped"];
/** Attributes in the table: the surest of each group. */
const COLUMNS = ["thumbnail", "file", "category", "attributes", "colors", "time"] as const;

export function batchView(state: Batch, actions: BatchActions): BatchView {
  const { rows } = state;
  const lines = new Map(rows.map((row) => [row, line(row, actions)]));
  const progress = el("progress", { max: rows.length, value: 0, "aria-label": say("progress") });
  const words = el("p", { class: "muted small", "data-progress": true });
  const stop = el("button", { class: "quiet", onclick: actions.stop }, say("stop"));
  const downloads = [
    el("button", { onclick: actions.csv }, say("downloadCsv")),
    el("button", { onclick: actions.json }, say("downloadJson")),
  ];
  const again = el("button", { class: "quiet", onclick: actions.home }, say("startAgain"));
  const showProgress = () => {
    const over = rows.filter((row) => OVER.includes(row.state)).length;
    const done = rows.filter((row) => row.state === "done").length;
    progress.value = over;
    words.textContent = progressWords(state, over);
    stop.hidden = over === rows.length;
    again.hidden = !stop.hidden;
    for (const button of downloads) button.disabled = done === 0;
  };
  showProgress();
  const element = el(
    "main",
    { id: "content", class: "batch" },
    el(
      "div",
      { class: "batch-head" },
      el("h1", {}, say("batch", { n: rows.length })),
      el("div", { class: "choosers" }, stop, again, ...downloads),
    ),
    el("div", { class: "batch-progress" }, progress, words),
    state.leftOut > 0 && el("p", { class: "muted small" }, say("leftOut", { n: state.leftOut })),
    el(
      "div",
      {
        class: "table-frame",
        tabindex: "0",
        role: "region",
        "aria-label": say("batch", { n: rows.length }),
      },
      el("table", {}, head(), el("tbody", {}, ...lines.values())),
    ),
  );
  return {
    element,
    update(row) {
      const fresh = line(row, actions);
      const old = lines.get(row);
      const hadFocus = old?.contains(document.activeElement) ?? false;
      old?.replaceWith(fresh);
      lines.set(row, fresh);
      if (hadFocus) fresh.querySelector("button")?.focus();
      showProgress();
    },
  };
}

function progressWords({ rows, startedAt }: Batch, over: number): string {
  const failed = rows.filter(({ state }) => state === "failed").length;
  const each = (performance.now() - startedAt) / Math.max(1, over);
  const seconds = Math.ceil((each * (rows.length - over)) / 1000);
  return [
    say("progress", { done: over, n: rows.length }),
    failed > 0 ? say("failedCount", { failed }) : "",
    over > 0 && over < rows.length ? say("remaining", { time: duration(seconds) }) : "",
  ].join("");
}

function head(): HTMLElement {
  return el(
    "thead",
    {},
    el(
      "tr",
      {},
      ...COLUMNS.map((column) =>
        el(
          "th",
          { scope: "col", class: `is-${column}` },
          column === "thumbnail" ? el("span", { class: "spoken" }, say("picture")) : say(column),
        ),
      ),
    ),
  );
}

function line(row: Row, { open }: BatchActions): HTMLTableRowElement {
  const { name, answer, problem, state } = row;
  const best = answer?.tags.category[0];
  const opens = answer !== undefined || problem !== undefined;
  const short = name.slice(name.lastIndexOf("/") + 1);
  return el(
    "tr",
    { "data-state": state },
    el("td", { class: "is-thumbnail" }, thumbnail(row)),
    el(
      "th",
      { scope: "row", class: "is-file", title: name },
      opens
        ? el(
            "button",
            { class: "link", "aria-label": say("open", { file: short }), onclick: () => open(row) },
            short,
          )
        : short,
    ),
    el(
      "td",
      { class: "is-category" },
      best &&
        el(
          "span",
          {},
          categoryName(best[0]),
          " ",
          el("span", { class: "score" }, `${inPercent(best[1])}%`),
        ),
      problem && el("span", { class: "problem-words" }, problem.words),
      state === "stopped" && el("span", { class: "muted" }, say("stopped")),
      state === "waiting" && el("span", { class: "muted" }, say("waiting")),
      state === "running" && el("span", { class: "muted" }, say("tagging")),
    ),
    el("td", { class: "is-attributes muted" }, answer && attributes(answer.tags.attributes)),
    el("td", { class: "is-colors" }, answer && swatches(answer.tags.colors)),
    el("td", { class: "is-time muted" }, answer && `${Math.round(answer.ms)} ms`),
  );
}

/** The surest of each group. */
function attributes(found: Tags["attributes"]): string {
  return Object.values(found)
    .flatMap(([first]) => (first ? [nameOf(first[0])] : []))
    .join(", ");
}

function swatches(colors: Tags["colors"]): HTMLElement {
  const one = ([id, hex]: Tags["colors"][number]) =>
    styled(
      el(
        "span",
        { class: "swatch", title: nameOf(id) },
        el("span", { class: "spoken" }, nameOf(id)),
      ),
      {
        "--swatch": hex,
      },
    );
  return el("span", { class: "swatches" }, ...colors.map(one));
}

const thumbnails = new WeakMap<Blob, HTMLElement>();

/** Loaded when it comes into view, and kept while the row changes. */
function thumbnail({ file }: Row): HTMLElement {
  const made = thumbnails.get(file) ?? loadThumbnail(file);
  thumbnails.set(file, made);
  return made;
}

function loadThumbnail(file: Blob): HTMLElement {
  const image = el("img", { alt: "", width: 40, height: 48, loading: "lazy", decoding: "async" });
  image.addEventListener("error", () => {
    const blank = el("span", { class: "no-thumbnail" });
    image.replaceWith(blank);
    thumbnails.set(file, blank);
  });
  image.src = URL.createObjectURL(file);
  return image;
}
