/** The page in a real Chromium, without anything of a person's: for tests and the README's picture. */
import { mkdirSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { chromium as findChromium } from "../needs.ts";
import { ROOT } from "../served/worker.ts";

/** Looked at by people; kept by CI. */
export const SCREENSHOTS = `${ROOT}/.cache/screenshots`;

export const DESKTOP = { width: 1360, height: 880 };
export const PHONE = { width: 390, height: 844 };

export async function launch(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error("there is no Chromium");
  mkdirSync(SCREENSHOTS, { recursive: true });
  // Its sandbox wants more than a container's root has.
  return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}

/** A page in a context of its own that notes what goes wrong on it. */
export interface Tab {
  page: Page;
  /** Messages of the console's errors and of uncaught exceptions. */
  errors: string[];
  shot(name: string): Promise<void>;
  close(): Promise<void>;
}

export async function open(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Tab> {
  const context = await browser.newContext({
    viewport: DESKTOP,
    locale: "en-GB",
    permissions: ["clipboard-read", "clipboard-write"],
    ...options,
  });
  const page = await context.newPage();
  // No test is timed: a busy machine may be ten times slower.
  page.setDefaultTimeout(120_000);
  const errors: string[] = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(url);
  const shot = async (name: string) => {
    // Fonts and pictures first, else they are missed now and then.
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: `${SCREENSHOTS}/${name}.png`, animations: "disabled" });
  };
  return { page, errors, shot, close: () => context.close() };
}
