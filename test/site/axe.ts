import axe from "axe-core";
import type { Page } from "playwright-core";

/** What axe-core finds that is serious or critical, one line each. */
export async function seriousProblems(page: Page): Promise<string[]> {
  // Evaluated in the page's own world, which the page's policy does not govern.
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
    const found = await axe.run({ resultTypes: ["violations"] });
    return found.violations.map(({ id, impact, nodes }) => ({
      id,
      impact,
      nodes: nodes.map(({ html }) => html.slice(0, 160)),
    }));
  });
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.join(" | ")}`);
}
