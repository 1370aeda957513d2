/**
 * The tagger's own worker in the browser: the Worker's path (`tag-image.ts`) from file to tags. It
 * loads what it needs when it starts and asks for nothing after.
 */
import { HemlineError } from "../errors.ts";
import { startBrowser } from "../hosts/browser/start.ts";
import { tagImage } from "../tag-image.ts";
import type { Order, Report } from "./tagging/messages.ts";

/** The address of the helper threads' script, by the build. */
declare const __KERNEL_HELPER__: string;

const say = (report: Report): void => postMessage(report);

try {
  const host = await startBrowser(__KERNEL_HELPER__);
  const { engine, threads } = host.tagger();
  addEventListener("message", async ({ data }: MessageEvent<Order>) => {
    const { id, bytes, explain } = data;
    try {
      const start = performance.now();
      const tags = await tagImage(new Uint8Array(bytes), { explain }, host);
      say({ kind: "tags", id, tags, ms: performance.now() - start });
    } catch (error) {
      if (!(error instanceof HemlineError)) console.error(error);
      const { code, detail } =
        error instanceof HemlineError ? error : { code: "internal", detail: String(error) };
      say({ kind: "problem", id, code, detail });
    }
  });
  say({ kind: "ready", engine, threads });
} catch (error) {
  say({ kind: "failed", detail: String(error) });
}
