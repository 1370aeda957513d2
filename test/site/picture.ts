/** `npm run build:picture`: the README's picture of the page, with a drawn sample, as `worker/site/page.webp`. */
import sharp from "sharp";
import { ROOT, serveWorker } from "../served/worker.ts";
import { launch, open } from "./chromium.ts";

const PICTURE = `${ROOT}/worker/site/page.webp`;
const VIEW = { width: 1360, height: 850 };

const worker = await serveWorker("worker/index.ts", "picture", { site: true });
const browser = await launch();
try {
  const { page } = await open(browser, worker.url, { viewport: VIEW, colorScheme: "light" });
  // Twice, so that the time it shows is a warm Worker's.
  for (let i = 0; i < 2; i++) {
    await page.getByRole("link", { name: "Hemline" }).click();
    await page.locator("[data-sample=dress]").click();
    await page.locator(".tags").waitFor();
  }
  await page.evaluate(() => document.fonts.ready);
  const png = await page.screenshot({ animations: "disabled" });
  const { size } = await sharp(png).webp({ quality: 88 }).toFile(PICTURE);
  console.log(`worker/site/page.webp: ${size} bytes`);
} finally {
  await browser.close();
  await worker.stop();
}
