/** The page as a person meets it: a real Chromium on the built Worker. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { Tags } from "../../worker/schemas/tags.ts";
import { describeWith } from "../needs.ts";
import { PHOTOS } from "../photos.ts";
import { readLabelled } from "../served/labelled.ts";
import { buildWorker, ROOT, type ServedWorker, serveBuilt } from "../served/worker.ts";
import { seriousProblems } from "./axe.ts";
import { launch, open, PHONE, type Tab } from "./chromium.ts";

const FIXTURES = `${ROOT}/test/fixtures/pictures`;
const TEE = `${FIXTURES}/tee.jpg`;
const ENTRY = "worker/index.ts";
const KEY = "a-key-for-tests";

/** Built once, whichever test is first. */
let built: Promise<void> | undefined;
async function served(bindings?: Record<string, string>): Promise<ServedWorker> {
  built ??= buildWorker(ENTRY, "site");
  await built;
  return serveBuilt(ENTRY, "site", { site: true, ...(bindings && { bindings }) });
}

async function post({ url }: ServedWorker, path: string): Promise<Tags> {
  const body = new Uint8Array(readFileSync(path));
  return (await (await fetch(`${url}/v1/tags`, { method: "POST", body })).json()) as Tags;
}

describeWith(["chromium", "photos"], "the same network in a browser and on the edge", () => {
  it("gives real photographs the same tags", async () => {
    const worker = await served();
    const browser = await launch();
    try {
      const { page, shot } = await open(browser, worker.url);
      await page.getByLabel("In this browser").check();
      const photos = readLabelled("val").filter((_, i) => i % 45 === 0);
      const paths = photos.map(({ id }) => `${PHOTOS}/images/${id}.jpg`);
      await page.locator("#pictures").setInputFiles(paths);
      await page.getByText(`${paths.length} of ${paths.length} done`).first().waitFor();
      await shot("photographs");
      const rows: ({ file: string } & Tags)[] = JSON.parse(await downloaded(page, "Download JSON"));
      expect(rows).toHaveLength(paths.length);
      for (const { file, ...tags } of rows) {
        expect(tags, file).toEqual(await post(worker, `${PHOTOS}/images/${file}`));
      }
    } finally {
      await browser.close();
      await worker.stop();
    }
  });
});

describeWith(["chromium"], "the page", () => {
  let browser: Browser;
  let worker: ServedWorker;
  let tab: Tab;
  beforeAll(async () => {
    worker = await served();
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await worker?.stop();
  });
  afterEach(async () => {
    await tab.close();
  });

  const start = async (options = {}) => {
    tab = await open(browser, worker.url, options);
    return tab.page;
  };
  const toDevice = (page: Page) => page.getByLabel("In this browser").check();

  it("tags a sample on the edge: landmarks, heatmaps, chips, colours, JSON", async () => {
    const page = await start();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await tab.shot("start");
    await page.getByRole("button", { name: "Sample: T-shirt" }).click();
    await page.locator(".tags").waitFor();
    const expected = await post(worker, TEE);
    expect(await page.locator(".best").textContent()).toMatch(/^T-shirt\d+%$/);
    expect(await page.locator("[data-landmark]").count()).toBe(
      Object.keys(expected.landmarks).length,
    );
    expect(await page.locator(".colors li").count()).toBe(expected.colors.length);
    expect(await page.locator(".chip").count()).toBe(
      Object.values(expected.attributes).flat().length,
    );
    expect(await page.locator(".timing").textContent()).toMatch(/^\d+ ms there and back/);
    await tab.shot("edge");

    await page.getByRole("button", { name: "Copy" }).click();
    await page.getByText("Copied").waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(JSON.parse(copied)).toEqual(expected);

    const heatmaps = page.getByRole("group", { name: "Heatmap" });
    const buttons = heatmaps.getByRole("button");
    const [shirt, hem] = [buttons.first(), buttons.last()];
    await hem.click();
    expect(await page.locator("canvas").isVisible()).toBe(true);
    await shirt.click();
    expect(await hem.getAttribute("aria-pressed")).toBe("false");
    await tab.shot("heatmap");
    await shirt.click();
    expect(await page.locator("canvas").isVisible()).toBe(false);
    await page.getByRole("button", { name: "Landmarks" }).click();
    expect(await page.locator(".marks").isVisible()).toBe(false);
    expect(tab.errors).toEqual([]);
  });

  it("tags in this browser with more than one thread, and nothing leaves the device", async () => {
    const page = await start();
    await toDevice(page);
    await page.getByRole("button", { name: "Sample: T-shirt" }).click();
    await page.locator("[data-threads]").waitFor();
    // All is loaded now: from here on nothing may be asked for, of anybody.
    const requests: string[] = [];
    page.on("request", (request) => {
      if (!request.url().startsWith("blob:")) requests.push(request.url());
    });
    await page.locator("#pictures").setInputFiles(`${FIXTURES}/lossy.webp`);
    await page.getByText("lossy.webp").waitFor();
    await page.locator("#pictures").setInputFiles(TEE);
    await page.locator(".caption", { hasText: "tee.jpg480" }).waitFor();
    expect(requests).toEqual([]);
    const threads = Number(await page.locator("[data-threads]").getAttribute("data-threads"));
    const cores = await page.evaluate(() => navigator.hardwareConcurrency);
    if (cores > 1) expect(threads).toBeGreaterThan(1);
    expect(await page.locator(".timing").textContent()).toContain(`${threads} thread`);
    await tab.shot("device");
    expect(JSON.parse((await page.locator(".json pre").textContent()) ?? "")).toEqual(
      await post(worker, TEE),
    );
    // The same network again on the edge, by the switch alone.
    await page.getByLabel("On the edge").check();
    await page.getByText("there and back").waitFor();
    expect(requests.map((url) => new URL(url).pathname)).toEqual(["/v1/tags"]);
    expect(tab.errors).toEqual([]);
  });

  it("takes what is pasted and what is dropped, a folder with its folders too", async () => {
    const page = await start();
    await page.evaluate(
      (base64) => {
        const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
        const clipboardData = new DataTransfer();
        clipboardData.items.add(new File([bytes], "pasted.jpg", { type: "image/jpeg" }));
        dispatchEvent(new ClipboardEvent("paste", { clipboardData }));
      },
      readFileSync(TEE, "base64"),
    );
    await page.locator(".caption", { hasText: "pasted.jpg480" }).waitFor();

    const folder = `${ROOT}/.cache/site-test/wardrobe`;
    mkdirSync(`${folder}/summer`, { recursive: true });
    for (const [name, from] of [
      ["tee.jpg", TEE],
      ["summer/dress.jpg", `${ROOT}/worker/site/samples/dress.jpg`],
      ["summer/broken.jpg", undefined],
      ["notes.txt", undefined],
    ] as const) {
      writeFileSync(`${folder}/${name}`, from ? readFileSync(from) : "no picture");
    }
    await drop(page, folder);
    await page.getByText("3 of 3 done, 1 failed").waitFor();
    expect(await page.getByText("Left out, not being pictures: 1").isVisible()).toBe(true);
    const cells = await page.locator("tbody tr").allTextContents();
    expect(cells.map((text) => text.slice(0, 12))).toEqual([
      expect.stringContaining("broken.jpg"),
      expect.stringContaining("dress.jpg"),
      expect.stringContaining("tee.jpg"),
    ]);
    expect(cells[0]).toContain("This kind of file cannot be read.");
    await tab.shot("batch");
    expect(await seriousProblems(page)).toEqual([]);

    const csv = (await downloaded(page, "Download CSV")).trim().split("\r\n");
    expect(csv).toHaveLength(4);
    expect(csv[0]).toMatch(/^file,category,category_score,/);
    expect(csv[1]).toMatch(/^wardrobe\/summer\/broken\.jpg,.*unsupported_type/);
    const json = JSON.parse(await downloaded(page, "Download JSON"));
    expect(json[2]).toEqual({ file: "wardrobe/tee.jpg", ...(await post(worker, TEE)) });
    expect(json[0].error.code).toBe("unsupported_type");

    await page.getByRole("button", { name: "Open tee.jpg" }).click();
    await page.getByRole("button", { name: "Back to the table" }).click();
    expect(await page.locator("tbody tr").count()).toBe(3);
  });

  it("says in words what is wrong, and tries again", async () => {
    const page = await start();
    await page.locator("#pictures").setInputFiles(`${ROOT}/package.json`);
    const alert = page.getByRole("alert");
    await alert.waitFor();
    expect(await alert.textContent()).toContain("This kind of file cannot be read.");
    expect(await alert.textContent()).toContain("unsupported_type");
    await tab.shot("problem");
    expect(await seriousProblems(page)).toEqual([]);

    await page.route("**/v1/tags*", (route) => route.abort());
    await page.locator("#pictures").setInputFiles(TEE);
    await page.getByText("The Worker cannot be reached.").waitFor();
    await page.unroute("**/v1/tags*");
    await page.route("**/v1/tags*", (route) =>
      route.fulfill({
        status: 429,
        headers: { "retry-after": "7" },
        contentType: "application/problem+json",
        body: JSON.stringify({ code: "rate_limited", detail: "Too many requests: wait 7 s." }),
      }),
    );
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("Try again in 7 seconds.").waitFor();
    await page.unroute("**/v1/tags*");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.locator(".tags").waitFor();
  });

  it("works from the keyboard, in Korean, in the dark, on a phone", async () => {
    const page = await start({ viewport: PHONE, locale: "ko-KR", colorScheme: "dark" });
    expect(await page.locator("html").getAttribute("lang")).toBe("ko");
    expect(await page.locator("html").getAttribute("data-theme")).toBe("dark");
    await tab.shot("phone-start-ko-dark");
    await expectNoSidewaysScroll(page);
    expect(await seriousProblems(page)).toEqual([]);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter"); // skip to the content
    await page.locator("[data-sample=tee]").focus();
    await page.keyboard.press("Enter");
    await page.locator(".tags").waitFor();
    expect(await page.locator(".best").textContent()).toContain("티셔츠");
    expect(await page.locator("p[role=status]").textContent()).toContain("티셔츠");
    await tab.shot("phone-tags-ko-dark");
    expect(await seriousProblems(page)).toEqual([]);
    await expectNoSidewaysScroll(page);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("content");

    await page.getByRole("button", { name: "English" }).click();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("language");
    expect(await page.locator(".best").textContent()).toContain("T-shirt");
    await page.getByRole("button", { name: "Dark theme" }).click();
    await tab.shot("phone-tags-en-light");
    expect(await seriousProblems(page)).toEqual([]);
    await page.reload();
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
    expect(await page.locator("html").getAttribute("data-theme")).toBe("light");
    expect(tab.errors).toEqual([]);
  });

  it("shows how far the backfills are, for who has the token, and takes steps", async () => {
    const walk = {
      ...{ id: "b-1", source: "shop", bucket: "photos", prefix: "", results: null },
      ...{ listing: false, found: 200, skipped: 0, known: 0, pending: 120, done: 76, failed: 4 },
      ...{ status: "running", rate: 4, seconds_left: 30, created_at: "2026-11-25T00:00:00Z" },
    };
    const page = await start();
    const steps: string[] = [];
    await page.route("**/v1/backfills**", async (route) => {
      const request = route.request();
      if ((await request.headerValue("authorization")) !== `Bearer ${KEY}`) {
        const body = JSON.stringify({
          code: "unauthorized",
          detail: "This needs the admin token.",
        });
        return route.fulfill({ status: 401, contentType: "application/problem+json", body });
      }
      if (request.method() === "POST") {
        steps.push(new URL(request.url()).pathname);
        walk.status = "paused";
      }
      return route.fulfill({ json: { backfills: [walk] } });
    });
    await page.getByRole("link", { name: "Backfills" }).click();
    await page.getByLabel("Token", { exact: true }).fill(KEY);
    await page.getByRole("button", { name: "Continue" }).click();
    await page
      .getByText("running · 80 of 200 done, 4 failed · 4 a second, about 30 s left")
      .waitFor();
    await tab.shot("backfills");
    expect(await seriousProblems(page)).toEqual([]);
    await page.getByRole("button", { name: "Pause: photos" }).click();
    await page.getByText("paused · 80 of 200 done").waitFor();
    expect(steps).toEqual(["/v1/backfills/b-1/pause"]);
    await page.getByRole("link", { name: "Tag pictures" }).click();
    await page.getByText("Drop pictures or a folder here").waitFor();
    expect(new URL(page.url()).hash).toBe("");
  });

  it("asks for a key where the Worker wants one, and keeps it for the tab", async () => {
    const sha256 = createHash("sha256").update(KEY).digest("hex");
    const bindings = { HEMLINE_API_KEYS: JSON.stringify({ test: sha256 }), HEMLINE_PUBLIC: "page" };
    const closed = await served(bindings);
    try {
      tab = await open(browser, closed.url);
      const { page } = tab;
      const dialog = page.getByRole("dialog", { name: "This Worker asks for a key" });
      await page.locator("#pictures").setInputFiles(TEE);
      await dialog.waitFor();
      await tab.shot("key");
      expect(await seriousProblems(page)).toEqual([]);
      await page.getByLabel("API key").fill("not-it");
      await page.keyboard.press("Enter");
      await page.getByText("It was not accepted.").waitFor();
      await page.keyboard.press("Escape");
      await page.getByText("A valid key is needed.").waitFor();
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByLabel("API key").fill(KEY);
      await page.getByRole("button", { name: "Continue" }).click();
      await page.locator(".tags").waitFor();
      await page.reload();
      await page.locator("#pictures").setInputFiles(TEE);
      await page.locator(".tags").waitFor();
      expect(await page.evaluate(() => Object.values(localStorage).join())).not.toContain(KEY);
    } finally {
      await closed.stop();
    }
  });
});

/** Drops a file or folder of this machine in the middle of the page, as the system would. */
async function drop(page: Page, path: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await session.send("Input.dispatchDragEvent", { type, x: 400, y: 300, data });
  }
}

/** No element stands out of the window, but for rows that scroll by themselves. */
async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const wide = await page.evaluate(() =>
    [...document.querySelectorAll("main, main > *, .drop > *")]
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
      .filter((element) => getComputedStyle(element).overflowX !== "auto")
      .map(({ className, tagName }) => `${tagName}.${className}`),
  );
  expect(wide.filter((name) => !name.includes("samples"))).toEqual([]);
}

async function downloaded(page: Page, button: string): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button }).click(),
  ]);
  return readFileSync(await download.path(), "utf8");
}
