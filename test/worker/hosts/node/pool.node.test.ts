import { afterEach, describe, expect, it } from "vitest";
import { inOrder } from "../../../../worker/hosts/node/in-order.ts";
import { Pool, type PoolOptions } from "../../../../worker/hosts/node/pool.ts";

const program = new URL("./scripted-thread.ts", import.meta.url);
const setup = { threadsPerPicture: 1 };
let pool: Pool;

function start(options: Partial<PoolOptions> = {}) {
  pool = new Pool({
    program,
    threads: 1,
    queue: 10,
    limit: 60_000,
    env: process.env,
    setup,
    ...options,
  });
  return pool;
}
const run = (picture: string, signal?: AbortSignal) => pool.run({ picture, options: {} }, signal);

afterEach(() => pool.close());

describe("a thread that dies is replaced, and its picture is reported", () => {
  it.each([
    ["exit", "exit code 3"],
    ["crash", "SyntaxError"],
    ["hang", "more than 200 ms"],
  ])("%s", async (deed, reason) => {
    start({ limit: deed === "hang" ? 200 : 60_000 });
    await expect(run(deed)).rejects.toMatchObject({
      code: "internal",
      detail: expect.stringContaining(reason),
    });
    expect(await run("next")).toEqual({ model: "next" });
  });

  it("while others go on", async () => {
    start({ threads: 2 });
    const results = await Promise.allSettled(["a", "exit", "b", "exit", "c"].map((p) => run(p)));
    expect(results.map(({ status }) => status[0])).toEqual(["f", "r", "f", "r", "f"]);
  });
});

it("a program that cannot start says why, to those who wait as well", async () => {
  start({ program: new URL("./no-such-thread.ts", import.meta.url) });
  const picture = run("a");
  await expect(pool.started).rejects.toThrow("no thread can start");
  await expect(picture).rejects.toThrow("no-such-thread.ts");
});

it("refuses what the queue has no room for", async () => {
  start({ queue: 1 });
  await pool.started;
  const accepted = [run("slow"), run("a")];
  expect(() => run("b")).toThrow("busy");
  expect(await Promise.all(accepted)).toHaveLength(2);
  expect(await run("b")).toEqual({ model: "b" });
});

describe("called off", () => {
  it("a waiting picture never runs, a running one is let go", async () => {
    start();
    await pool.started;
    const control = new AbortController();
    const called = [run("slow", control.signal), run("exit", control.signal)];
    control.abort(new Error("enough"));
    for (const one of called) await expect(one).rejects.toThrow("enough");
    expect(await run("next")).toEqual({ model: "next" });
  });

  it("before it began", () => {
    start();
    expect(() => run("a", AbortSignal.abort(new Error("enough")))).toThrow("enough");
  });
});

it("closing finishes what was taken, and takes no more", async () => {
  start();
  const taken = [run("slow"), run("exit"), run("a")];
  const closed = pool.close();
  expect(() => run("b")).toThrow("closed");
  const results = await Promise.allSettled(taken);
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  await closed;
});

it("keeps the order of a list, and draws no more of it than there is room for", async () => {
  start({ threads: 2 });
  let [drawn, most] = [0, 0];
  const names = ["slow", "a", "b", "c", "slow", "d", "e"];
  const list = (function* () {
    for (const name of names) {
      drawn++;
      yield name;
    }
  })();
  const found: string[] = [];
  for await (const { model } of inOrder(list, 3, run)) {
    most = Math.max(most, drawn - found.length);
    found.push(model);
  }
  expect(found).toEqual(names);
  expect(most).toBe(3);
});
