import { ACTIONS, type Action, type Backfill } from "../api/backfills.ts";
import { el } from "../dom.ts";
import type { Backfills } from "../state.ts";
import { duration } from "../words/duration.ts";
import { say, type Word } from "../words/words.ts";
import { problemNote } from "./problem.ts";

export interface BackfillActions {
  act(backfill: Backfill, action: Action): void;
  again(): void;
}

/** What each status is called; a later Worker's is shown as it is. */
const STATUS: Record<string, Word> = {
  running: "running",
  paused: "paused",
  cancelled: "cancelled",
  done: "finished",
};

/** Which steps a walk may take. */
const STEPS: Record<string, readonly Action[]> = {
  running: ["pause", "cancel"],
  paused: ["resume", "cancel"],
};

/** The walks through buckets: how far each is, how fast, how long yet. */
export function backfillsView(state: Backfills, actions: BackfillActions): HTMLElement {
  const { list, problem } = state;
  return el(
    "main",
    { id: "content", class: "backfills" },
    el("h1", {}, say("backfills")),
    el("p", { class: "muted" }, say("backfillsHint")),
    problem && problemNote(problem, actions.again),
    list?.length === 0 && el("p", {}, say("noBackfills")),
    el("ul", { class: "walks" }, ...(list ?? []).map((backfill) => walk(backfill, actions))),
  );
}

function walk(backfill: Backfill, { act }: BackfillActions): HTMLElement {
  const { id, bucket, prefix, status, pending, done, failed } = backfill;
  const name = prefix ? `${bucket}/${prefix}` : bucket;
  const over = done + failed;
  const steps = ACTIONS.filter((action) => STEPS[status]?.includes(action)).map((action) => {
    const words = say(action === "cancel" ? "cancelBackfill" : action);
    return el(
      "button",
      {
        id: `${action}-${id}`,
        class: "quiet small",
        "aria-label": say("ofBackfill", { action: words, bucket: name }),
        onclick: () => act(backfill, action),
      },
      words,
    );
  });
  return el(
    "li",
    { class: "walk", "data-status": status },
    el("div", { class: "walk-head" }, el("h2", {}, name), el("div", {}, ...steps)),
    el("progress", { max: Math.max(1, over + pending), value: over, "aria-label": name }),
    el("p", { class: "muted small" }, inWords(backfill)),
  );
}

function inWords({ status, listing, pending, done, failed, rate, seconds_left }: Backfill): string {
  const word = STATUS[status];
  const shown = word === undefined ? status : say(listing && word === "running" ? "listing" : word);
  return [
    shown,
    " · ",
    say("progress", { done: done + failed, n: done + failed + pending }),
    failed > 0 ? say("failedCount", { failed }) : "",
    rate === null ? "" : ` · ${say("rate", { rate })}`,
    seconds_left === null ? "" : say("remaining", { time: duration(seconds_left) }),
  ].join("");
}
