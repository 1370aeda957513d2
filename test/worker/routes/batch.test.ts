import { describe, expect, inject, it } from "vitest";
import { createApp } from "../../../worker/app.ts";
import type { BatchLine } from "../../../worker/schemas/batch.ts";
import { flatJpeg } from "../../fixtures/flat-jpeg.ts";
import { picture } from "../../fixtures/pictures.ts";
import { hostFinding } from "../tagger.ts";

const hostile = inject("hostile");
const ENV = { HEMLINE_ENV: "development", HEMLINE_URL_HOSTS: hostile };
const app = createApp(hostFinding({ category: { dress: 0.9 } }));
const jpeg = picture("baseline.jpg");

const form = (...pictures: Uint8Array<ArrayBuffer>[]) => {
  const data = new FormData();
  data.set("note", "passed over");
  for (const bytes of pictures) data.append("image", new Blob([bytes]), "a.jpg");
  return data;
};
const post = (body: BodyInit, query = "", headers = {}) =>
  app.request(`/v1/tags:batch${query}`, { method: "POST", body, headers }, ENV);
const json = (value: unknown) =>
  post(JSON.stringify(value), "", { "content-type": "application/json" });
const linesOf = async (response: Response): Promise<BatchLine[]> => {
  const text = new TextDecoder().decode(await response.arrayBuffer());
  expect(text.endsWith("\n")).toBe(true);
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as BatchLine)
    .sort((a, b) => a.index - b.index);
};
const codeOf = (line: BatchLine | undefined) =>
  line === undefined ? undefined : "problem" in line ? line.problem.code : "tagged";

describe("a form", () => {
  it("has a line for each picture", async () => {
    const response = await post(form(jpeg, picture("rgb.png")), "?lang=ko&top=1");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/x-ndjson");
    expect(response.headers.get("content-language")).toBe("ko");
    expect(await linesOf(response)).toMatchObject([
      { index: 0, tags: { category: [["dress", 0.9, "원피스"]], image: { format: "jpeg" } } },
      { index: 1, tags: { image: { format: "png" } } },
    ]);
  });

  it("one bad picture is one bad line", async () => {
    const half = jpeg.slice(0, jpeg.length / 2);
    const large = new Uint8Array(20_000_001);
    const text = Uint8Array.from(new TextEncoder().encode("no picture"));
    const lines = await linesOf(await post(form(jpeg, half, text, new Uint8Array(), large, jpeg)));
    expect(lines.map(codeOf)).toEqual([
      "tagged",
      "corrupt_image",
      "unsupported_type",
      "empty_body",
      "image_too_large",
      "tagged",
    ]);
    expect(lines[1]).toMatchObject({
      index: 1,
      problem: { status: 422, title: expect.any(String) },
    });
  });

  it("of sixteen pictures is tagged, of seventeen the last one is refused", async () => {
    const many = Array.from({ length: 17 }, () => jpeg);
    expect((await linesOf(await post(form(...many.slice(1))))).map(codeOf)).toEqual(
      Array(16).fill("tagged"),
    );
    const lines = await linesOf(await post(form(...many)));
    expect(lines).toHaveLength(17);
    expect(lines[16]).toMatchObject({
      index: 16,
      problem: { code: "bad_request", detail: expect.stringContaining("16") },
    });
  });

  it("that breaks off keeps what came before", async () => {
    const request = new Request("http://x/", { method: "POST", body: form(jpeg, jpeg) });
    const bytes = new Uint8Array(await request.arrayBuffer());
    const headers = { "content-type": request.headers.get("content-type") ?? "" };
    const response = await post(bytes.slice(0, bytes.length - 200), "", headers);
    expect((await linesOf(response)).map(codeOf)).toEqual(["tagged", "bad_request"]);
  });

  it("answers the first picture before the second has come", async () => {
    const request = new Request("http://x/", { method: "POST", body: form(jpeg, jpeg) });
    const bytes = new Uint8Array(await request.arrayBuffer());
    const type = request.headers.get("content-type") ?? "";
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const headers = { "content-type": type, "content-length": String(bytes.length) };
    const answer = post(readable, "", headers);
    const middle = bytes.length - jpeg.length;
    await writer.write(bytes.slice(0, middle));
    const reader = ((await answer).body as ReadableStream<Uint8Array>).getReader();
    const { value } = await reader.read();
    expect(JSON.parse(new TextDecoder().decode(value))).toMatchObject({ index: 0, tags: {} });
    await writer.write(bytes.slice(middle));
    await writer.close();
    expect(new TextDecoder().decode((await reader.read()).value)).toContain('"index":1');
    expect((await reader.read()).done).toBe(true);
  });

  it("without the field, empty, or none at all is refused as a whole", async () => {
    const type = { "content-type": "multipart/form-data; boundary=x" };
    for (const response of [
      await post(form()),
      await post("nonsense", "", type),
      await post("", "", type),
      await post(jpeg, "", { "content-type": "image/jpeg" }),
      await post("x", "", { "content-type": "multipart/form-data" }),
    ]) {
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code: "bad_request" });
    }
  });

  it("over 32 MB is refused before it is read, or where it turns out so", async () => {
    const declared = await post(form(jpeg), "", { "content-length": "32000001" });
    expect(declared.status).toBe(413);
    expect(await declared.json()).toMatchObject({ code: "body_too_large" });
    const large = new Uint8Array(16_100_000);
    const lines = await linesOf(await post(form(large, large)));
    expect(lines.map(codeOf)).toEqual(["unsupported_type", "body_too_large"]);
  });

  it("gives its room back, also where the reader goes away", async () => {
    for (let i = 0; i < 4; i++) {
      const body = form(flatJpeg(64, 64), new Uint8Array(19_000_000), jpeg);
      const response = await post(body);
      expect(response.status).toBe(200);
      await response.body?.cancel();
    }
    const init = { method: "POST", body: jpeg, headers: { "content-length": "19000000" } };
    expect((await app.request("/v1/tags", init, ENV)).status).toBe(200);
  });

  it("finds no room beside others: busy, and when to come back", async () => {
    // Room is reserved for who sends: a quarter of a megabyte, then nothing.
    const slow = () => {
      let sent = false;
      return new ReadableStream<Uint8Array>({
        async pull(controller) {
          if (sent) await new Promise(() => undefined);
          controller.enqueue(new TextEncoder().encode(`--x\r\n\r\n${"x".repeat(300_000)}`));
          sent = true;
        },
      });
    };
    const headers = {
      "content-type": "multipart/form-data; boundary=x",
      "content-length": "30000000",
    };
    const stop = new AbortController();
    void app.request(
      "/v1/tags:batch",
      { method: "POST", body: slow(), headers, signal: stop.signal },
      ENV,
    );
    await new Promise((done) => setTimeout(done, 10));
    const response = await post(slow(), "", headers);
    expect(response.status).toBe(503);
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
  });
});

describe("a list of addresses", () => {
  it("has a line for each, whatever becomes of the others", async () => {
    const paths = ["/tee.jpg", "/busy", "/error-page", "/tee.jpg"];
    const urls = [...paths.map((path) => hostile + path), "https://elsewhere.example/a.jpg"];
    const lines = await linesOf(await json({ urls }));
    expect(lines.map(codeOf)).toEqual([
      "tagged",
      "fetch_failed",
      "unsupported_type",
      "tagged",
      "url_not_allowed",
    ]);
  });

  it.each([
    [{}, "urls"],
    [{ urls: [] }, "urls"],
    [{ urls: Array(17).fill(`${hostile}/tee.jpg`) }, "urls"],
    [{ urls: [1] }, "urls"],
    [{ urls: ["x"], more: 1 }, "more"],
  ])("%j is refused as a whole", async (body, named) => {
    const response = await json(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: "bad_request",
      detail: expect.stringContaining(named),
    });
  });

  it("over 64 KiB is refused", async () => {
    expect((await json({ urls: ["x".repeat(70_000)] })).status).toBe(413);
  });
});

it("bad parameters are refused before anything is read", async () => {
  expect((await post(form(jpeg), "?lang=xx")).status).toBe(400);
  expect((await app.request("/v1/tags:batch", {}, ENV)).status).toBe(405);
});
