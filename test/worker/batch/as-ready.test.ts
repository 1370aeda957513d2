import { expect, it } from "vitest";
import { asReady } from "../../../worker/batch/as-ready.ts";

const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));
const all = async <T>(values: AsyncIterable<T>) => {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
};

it("gives what is ready first, at most so many at a time", async () => {
  let running = 0;
  let most = 0;
  async function* jobs() {
    for (const ms of [60, 5, 5, 5, 5]) {
      yield async () => {
        most = Math.max(most, ++running);
        await wait(ms);
        running--;
        return ms;
      };
    }
  }
  const given = await all(asReady(jobs(), 2));
  expect(given).toHaveLength(5);
  expect(given[0]).toBe(5);
  expect(given.at(-1)).toBe(60);
  expect(most).toBe(2);
});

it("draws no job before there is room", async () => {
  let drawn = 0;
  async function* jobs() {
    for (;;) {
      drawn++;
      yield async () => wait(1);
    }
  }
  const some = asReady(jobs(), 3);
  await some.next();
  expect(drawn).toBeLessThanOrEqual(5);
  await some.return(undefined);
});

it("does not make what is ready wait for a slow source", async () => {
  async function* jobs() {
    yield async () => "first";
    await wait(10_000);
    yield async () => "second";
  }
  const { value } = await asReady(jobs(), 4).next();
  expect(value).toBe("first");
});

it.each(["source", "job"])("a throw of the %s ends it", async (thrower) => {
  async function* jobs() {
    yield async () => 1;
    if (thrower === "source") throw new Error("broken");
    yield async () => {
      throw new Error("broken");
    };
  }
  await expect(all(asReady(jobs(), 1))).rejects.toThrow("broken");
});
