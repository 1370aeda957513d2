import { expect, it } from "vitest";
import { once } from "../../../worker/hosts/once.ts";

it("makes its value once", () => {
  let calls = 0;
  const get = once(() => ({ call: ++calls }));
  expect([get().call, get().call]).toEqual([1, 1]);
});

it("does not remember a failure", () => {
  let calls = 0;
  const get = once(() => {
    if (++calls < 3) throw new Error(`try ${calls}`);
    return { call: calls };
  });
  expect(get).toThrow("try 1");
  expect(get).toThrow("try 2");
  expect(get().call).toBe(3);
});
