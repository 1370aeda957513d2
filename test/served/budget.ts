import { expect } from "vitest";
import budgets from "./budgets.json" with { type: "json" };

type Name = Exclude<keyof typeof budgets, "note" | "loop_ms">;

/** A quiet machine's reference loop, in ms: what so many loops take there. */
const { loop_ms } = budgets;

/** Fails with the numbers: what was measured, what is recorded, the margin; `more` explains. */
export function within(name: Name, value: number, more = ""): void {
  const budget = budgets[name];
  const most = "limit" in budget ? budget.limit : budget.recorded * budget.margin;
  const stated =
    "limit" in budget
      ? `at most ${budget.limit}`
      : `recorded ${budget.recorded}, margin ${budget.margin}: at most ${most.toFixed(1)}`;
  const text = `${name}: ${value.toFixed(1)}, ${stated} (test/served/budgets.json)${more && `; ${more}`}`;
  console.log(text);
  expect(value, text).toBeLessThanOrEqual(most);
}

/** ms that so many reference loops take on the machine of the record. */
export const quietMs = (loops: number): number => loops * loop_ms;
