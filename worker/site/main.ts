/** The page: one state, drawn anew when it changes. */
import { act } from "./api/backfills.ts";
import { caller } from "./api/call.ts";
import { csvOf, resultsOf } from "./batch/results.ts";
import { type Row, runBatch } from "./batch/run.ts";
import { download, el } from "./dom.ts";
import { listen } from "./intake/drop-and-paste.ts";
import { type Picture, sortOut } from "./intake/files.ts";
import { SAMPLES, type Sample } from "./intake/samples.ts";
import { apply, change, type Place, settings } from "./settings.ts";
import type { Backfills, Batch, Single, State } from "./state.ts";
import { onTheDevice, startDevice } from "./tagging/device.ts";
import { onTheEdge } from "./tagging/edge.ts";
import type { Tagging } from "./tagging/tagging.ts";
import { backfillsView } from "./views/backfills.ts";
import { bar } from "./views/bar.ts";
import { batchView } from "./views/batch.ts";
import { footer } from "./views/footer.ts";
import { pretty } from "./views/json.ts";
import { askSecret } from "./views/secret-dialog.ts";
import { singleView } from "./views/single.ts";
import { startView } from "./views/start.ts";
import { watchBackfills } from "./watch-backfills.ts";
import { categoryName } from "./words/label-names.ts";
import { problemFrom } from "./words/problems.ts";
import { say } from "./words/words.ts";

const callWithKey = caller("key", askSecret);
const callAsAdmin = caller("admin", askSecret);
const TAGGINGS: Record<Place, Tagging> = { edge: onTheEdge(callWithKey), device: onTheDevice };
/** Pictures under way at a time: a browser's one network takes them in turn. */
const WIDTH: Record<Place, number> = { edge: 3, device: 1 };

let state: State = { kind: "start" };
/** Stops what the last state was waiting for. */
let current = new AbortController();
const status = el("p", { class: "spoken", role: "status" });

function show(next: State): void {
  const another = next.kind !== state.kind;
  state = next;
  draw();
  if (another) scrollTo(0, 0);
}

function draw(): void {
  const focused = document.activeElement;
  document.title = say("title");
  const skip = el("a", { class: "skip", href: "#content" }, say("skip"));
  const main = content();
  // What is gone cannot keep the focus: its place is then the content.
  main.tabIndex = -1;
  document.body.replaceChildren(
    skip,
    bar(barActions),
    main,
    footer(settings.place, state.kind),
    status,
  );
  if (focused === null || focused === document.body) return;
  const same = focused.id === "" ? null : document.getElementById(focused.id);
  (same ?? main).focus({ preventScroll: true });
}

function content(): HTMLElement {
  if (state.kind === "start") return startView(state, { take, sample: trySample });
  if (state.kind === "single") {
    const single = state;
    const back = () => {
      // The table's own work goes on: only what this picture waited for ends.
      current.abort();
      URL.revokeObjectURL(single.address);
      if (single.from) show(single.from);
    };
    return singleView(single, { take, again: () => tagSingle(single), back });
  }
  return state.kind === "batch" ? drawBatch(state) : drawBackfills(state);
}

const barActions = {
  home: () => {
    leave();
    show({ kind: "start" });
  },
  place: (place: Place) => {
    change("place", place);
    if (place === "device") startDevice().catch(() => undefined);
    if (state.kind === "single") void tagSingle(state);
    else draw();
  },
  language: () => {
    change("language", settings.language === "en" ? "ko" : "en");
    draw();
  },
  theme: () => {
    change("theme", settings.theme === "dark" ? "light" : "dark");
    draw();
  },
};

/** Lets go of what is shown: nothing goes on for it. */
function leave(): void {
  scrollTo(0, 0);
  if (location.hash !== "") history.replaceState(null, "", "/");
  current.abort();
  current = new AbortController();
  if (state.kind === "single") URL.revokeObjectURL(state.address);
  const batch = state.kind === "batch" ? state : state.kind === "single" ? state.from : undefined;
  batch?.stop.abort();
}

function take(files: File[]): void {
  const { pictures, leftOut } = sortOut(files);
  const [first] = pictures;
  leave();
  if (first === undefined) show({ kind: "start", note: "noPictures" });
  else if (pictures.length === 1) void tagSingle(singleOf(first));
  else void startBatch(pictures, leftOut);
}

async function trySample(name: Sample): Promise<void> {
  const file = await (await fetch(SAMPLES[name])).blob();
  leave();
  void tagSingle(singleOf({ name: `${name}.jpg`, file }));
}

const singleOf = (picture: Picture, from?: Batch): Single => ({
  kind: "single",
  picture,
  address: URL.createObjectURL(picture.file),
  loading: false,
  ...(from && { from }),
});

async function tagSingle(last: Single): Promise<void> {
  current.abort();
  current = new AbortController();
  const { signal } = current;
  const { answer: _, problem: __, ...rest } = last;
  const single: Single = { ...rest, loading: settings.place === "device" };
  show(single);
  status.textContent = say("tagging");
  try {
    const answer = await TAGGINGS[settings.place](single.picture.file, {
      explain: true,
      signal,
    });
    if (signal.aborted) return;
    show({ ...single, answer, loading: false });
    status.textContent = say("done", {
      category: categoryName(answer.tags.category[0]?.[0] ?? "none"),
    });
  } catch (error) {
    if (signal.aborted) return;
    const problem = problemFrom(error);
    status.textContent = "";
    show({ ...single, problem, loading: false });
  }
}

async function startBatch(pictures: Picture[], leftOut: number): Promise<void> {
  const rows = pictures.map((picture): Row => ({ ...picture, state: "waiting" }));
  const stop = new AbortController();
  const batch: Batch = { kind: "batch", rows, leftOut, startedAt: performance.now(), stop };
  show(batch);
  const { place } = settings;
  await runBatch(rows, TAGGINGS[place], WIDTH[place], stop.signal, (row) => updateRow(batch, row));
  if (state === batch && !stop.signal.aborted) {
    status.textContent = say("progress", { done: rows.length, n: rows.length });
  }
}

let updateRow: (batch: Batch, row: Row) => void = () => undefined;

function drawBatch(batch: Batch): HTMLElement {
  const view = batchView(batch, {
    open: (row) => show(opened(batch, row)),
    stop: () => batch.stop.abort(),
    home: barActions.home,
    csv: () => download("hemline.csv", "text/csv", csvOf(batch.rows)),
    json: () => download("hemline.json", "application/json", pretty(resultsOf(batch.rows))),
  });
  updateRow = (changed, row) => {
    if (changed === batch && state === batch) view.update(row);
  };
  return view.element;
}

const opened = (batch: Batch, { name, file, answer, problem }: Row): Single => ({
  ...singleOf({ name, file }, batch),
  ...(answer && { answer }),
  ...(problem && { problem }),
});

function drawBackfills(shown: Backfills): HTMLElement {
  return backfillsView(shown, {
    act: (backfill, action) => void act(callAsAdmin, backfill, action).then(startBackfills, told),
    again: startBackfills,
  });
}

function startBackfills(): void {
  if (state.kind !== "backfills") leave();
  history.replaceState(null, "", "#backfills");
  current.abort();
  current = new AbortController();
  const { signal } = current;
  if (state.kind !== "backfills") show({ kind: "backfills" });
  watchBackfills(callAsAdmin, signal, (list) => {
    if (!signal.aborted) show({ kind: "backfills", list });
  }).catch((error) => signal.aborted || told(error));
}

const told = (error: unknown): void => {
  if (state.kind === "backfills") show({ ...state, problem: problemFrom(error) });
};

function followHash(): void {
  if (location.hash === "#backfills") startBackfills();
  else if (state.kind === "backfills") barActions.home();
}

apply();
addEventListener("hashchange", followHash);
listen(take);
if (settings.place === "device") startDevice().catch(() => undefined);
draw();
followHash();
