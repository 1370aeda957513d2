/** Many pictures, without a browser: what waits, what is asked again, what stops. */
import { expect, it } from "vitest";
import { type Row, runBatch } from "../../worker/site/batch/run.ts";
import type { Answer, Tagging } from "../../worker/site/tagging/tagging.ts";
import { Problem } from "../../worker/site/words/problems.ts";

const ANSWER = { place: "edge", ms: 1 } as Answer;
const rowsOf = (...names: string[]): Row[] =>
  names.map((name) => ({ name, file: new Blob([name]), state: "waiting" }));
const never = new AbortController().signal;
const ignore = () => undefined;

it("tags so many at a time, each once", async () => {
  const rows = rowsOf("a", "b", "c", "d", "e");
  let [under, most] = [0, 0];
  const seen: string[] = [];
  const tag: Tagging = async (file) => {
    most = Math.max(most, ++under);
    seen.push(await file.text());
    under--;
    return ANSWER;
  };
  await runBatch(rows, tag, 2, never, ignore);
  expect(most).toBe(2);
  expect(seen.sort()).toEqual(["a", "b", "c", "d", "e"]);
  expect(rows.every(({ state }) => state === "done")).toBe(true);
});

it("goes on after a picture that fails", async () => {
  const rows = rowsOf("bad", "good");
  const tag: Tagging = async (file) => {
    if ((await file.text()) === "bad") throw new Problem("corrupt_image", "It is.");
    return ANSWER;
  };
  await runBatch(rows, tag, 1, never, ignore);
  expect(rows.map(({ state }) => state)).toEqual(["failed", "done"]);
  expect(rows[0]?.problem?.code).toBe("corrupt_image");
});

it("asks a busy Worker again, when it said", async () => {
  const rows = rowsOf("a");
  let asked = 0;
  const tag: Tagging = async () => {
    if (++asked < 3) throw new Problem("busy", "Later.", 0.02);
    return ANSWER;
  };
  const states: string[] = [];
  await runBatch(rows, tag, 1, never, ({ state }) => states.push(state));
  expect(asked).toBe(3);
  expect(states).toEqual(["running", "done"]);
});

it("gives a Worker up that stays busy", async () => {
  const rows = rowsOf("a");
  const tag: Tagging = () => Promise.reject(new Problem("rate_limited", "No.", 0));
  await runBatch(rows, tag, 1, never, ignore);
  expect(rows[0]?.state).toBe("failed");
});

it("stops at once, while it waits too", async () => {
  const rows = rowsOf("a", "b", "c");
  const stop = new AbortController();
  const tag: Tagging = (file) =>
    file.text().then((name) => {
      if (name === "a") return ANSWER;
      setTimeout(() => stop.abort(), 5);
      throw new Problem("busy", "Later.", 60);
    });
  await runBatch(rows, tag, 1, stop.signal, ignore);
  expect(rows.map(({ state }) => state)).toEqual(["done", "stopped", "stopped"]);
});
