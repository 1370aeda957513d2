/** `hemline/client` in a real browser: what it sends arrives, and what comes back is read as it comes. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith } from "../needs.ts";
import { ROOT } from "../served/worker.ts";
import { launch } from "./chromium.ts";

async function answer(request: IncomingMessage): Promise<string> {
  const body = await buffer(request);
  const { "content-type": type = "", authorization } = request.headers;
  if (request.url === "/v1/tags")
    return JSON.stringify({ bytes: body.length, type, authorization });
  const parts = body.toString("latin1").split('name="image"').length - 1;
  const lines = Array.from({ length: parts }, (_, index) => JSON.stringify({ index, tags: {} }));
  return `${lines.reverse().join("\n")}\n`;
}

/** What the script leaves in the page. */
declare const hemline: typeof import("../../worker/client/client.ts");

describeWith(["chromium"], "the client in a browser", () => {
  let url = "";
  let script = "";
  const server = createServer(async (request, response) => {
    if (request.url === "/") return response.end("<!doctype html>");
    response.end(await answer(request));
  });
  beforeAll(async () => {
    const entryPoints = [`${ROOT}/worker/client/client.ts`];
    const format = { format: "iife", globalName: "hemline" } as const;
    const { outputFiles } = await build({ entryPoints, bundle: true, write: false, ...format });
    script = outputFiles[0]?.text ?? "";
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it("sends bytes, files, streams and batches", async () => {
    const browser = await launch();
    try {
      const page = await browser.newPage();
      await page.goto(url);
      await page.addScriptTag({ content: script });
      const found = await page.evaluate(async () => {
        const client = hemline.createClient({ url: location.origin, key: "secret" });
        const file = new Blob(["abc"], { type: "application/json" });
        const one = [
          await client.tag(new Uint8Array([1, 2])),
          await client.tag(file),
          await client.tag(file.stream() as ReadableStream<Uint8Array>),
        ];
        const many: number[] = [];
        for await (const { index } of client.tagBatch([file, file, file])) many.push(index);
        const stop = AbortSignal.abort(new Error("enough"));
        const error = await client
          .tag(file, { signal: stop })
          .catch((reason: Error) => reason.message);
        return { one, many, error };
      });
      const sent = { type: "application/octet-stream", authorization: "Bearer secret" };
      expect(found.one).toEqual([2, 3, 3].map((bytes) => ({ bytes, ...sent })));
      expect(found.many).toEqual([2, 1, 0]);
      expect(found.error).toBe("enough");
    } finally {
      await browser.close();
    }
  });
});
