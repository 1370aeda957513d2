import { describe, expect, it } from "vitest";
import { createApp } from "../../../worker/app.ts";
import { picture } from "../../fixtures/pictures.ts";
import { hostFinding } from "../tagger.ts";

const ENV = { HEMLINE_ENV: "development" };
const app = createApp(hostFinding({ category: { dress: 0.9, jumpsuit: 0.06, skirt: 0.04 } }));
const jpeg = picture("baseline.jpg");
const post = (body: BodyInit, headers = {}, query = "") =>
  app.request(`/v1/tags${query}`, { method: "POST", body, headers }, ENV);
const json = (value: unknown) =>
  post(JSON.stringify(value), { "content-type": "application/json; charset=utf-8" });

async function expectProblem(response: Response, status: number, code: string, detail = "") {
  const document = { status, code, detail: expect.stringContaining(detail) };
  expect(await response.json()).toEqual({ ...document, title: expect.any(String) });
  expect(response.status).toBe(status);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
}

describe("takes", () => {
  const image = { width: 48, height: 32, format: "jpeg" };

  it.each(["image/jpeg", "image/png", "application/octet-stream", ""])(
    "a raw body that calls itself %s: the bytes tell",
    async (type) => {
      const response = await post(jpeg, type ? { "content-type": type } : {});
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toBe("application/json");
      expect(await response.json()).toMatchObject({ image });
    },
  );

  it("a form's field `image`", async () => {
    const form = new FormData();
    form.set("note", "ignored");
    form.set("image", new Blob([jpeg]), "dress.jpg");
    expect(await (await post(form)).json()).toMatchObject({ image });
  });

  it("JSON with base64", async () => {
    expect(await (await json({ base64: jpeg.toBase64() })).json()).toMatchObject({ image });
  });

  it.each([
    ["rgb.png", "png"],
    ["lossy.webp", "webp"],
  ])("%s", async (name, format) => {
    const answer = { image: { width: 48, height: 32, format } };
    expect(await (await post(picture(name))).json()).toMatchObject(answer);
  });

  it("a stream of unknown length", async () => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const written = [jpeg.subarray(0, 100), jpeg.subarray(100)].map((part) => writer.write(part));
    const closed = writer.close();
    expect(await (await post(readable)).json()).toMatchObject({ image });
    await Promise.all([...written, closed]);
  });
});

describe("?top=", () => {
  it.each([1, 2, 20])("%i gives so many of the category and of each group", async (top) => {
    const tags = (await (await post(jpeg, {}, `?top=${top}`)).json()) as {
      category: unknown[];
      attributes: Record<string, unknown[]>;
    };
    expect(tags.category).toHaveLength(top);
    for (const [group, size] of Object.entries({ texture: 12, style: 11 })) {
      expect(tags.attributes[group]).toHaveLength(Math.min(top, size));
    }
  });
  it.each(["0", "21", "-1", "1.5", "", "ten", "1e1", "0x5"])("%s is refused", async (top) => {
    await expectProblem(await post(jpeg, {}, `?top=${top}`), 400, "bad_parameter", "1 to 20");
  });
});

describe("?explain=", () => {
  it("heatmap adds maps, in base64 with their range", async () => {
    const answer = await (await post(jpeg, {}, "?explain=heatmap")).json();
    const map = [expect.any(String), -1, 2];
    expect(answer).toMatchObject({ explain: { category: { side: 2, maps: { tee: map } } } });
  });
  it.each(["", "heatmaps", "true"])("%s is refused", async (explain) => {
    const response = await post(jpeg, {}, `?explain=${explain}`);
    await expectProblem(response, 400, "bad_parameter", "heatmap");
  });
});

describe("refuses", () => {
  it("an empty body", async () => {
    await expectProblem(await post(new Uint8Array()), 400, "empty_body");
    await expectProblem(await json({ base64: "" }), 400, "empty_body");
    const form = new FormData();
    form.set("image", new Blob([]), "nothing.jpg");
    await expectProblem(await post(form), 400, "empty_body");
  });

  it("a BMP, by its bytes and by name", async () => {
    const bmp = new TextEncoder().encode("BM and whatever follows");
    const response = await post(bmp, { "content-type": "image/jpeg" });
    await expectProblem(response, 415, "unsupported_type", "BMP");
  });

  it("a body over 20 MB that says so, before reading it", async () => {
    const response = await post(jpeg, { "content-length": "20000001" });
    await expectProblem(response, 413, "image_too_large", "20 MB");
  });

  it("a body over 20 MB that does not say so, without reading it to its end", async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1_000_000;
        controller.enqueue(new Uint8Array(1_000_000));
      },
    });
    await expectProblem(await post(endless), 413, "image_too_large");
    expect(sent).toBeLessThan(25_000_000);
  });

  it("a picture over 20 MB wrapped in a form or in JSON", async () => {
    const large = new Uint8Array(20_000_001);
    const form = new FormData();
    form.set("image", new Blob([large]), "large.jpg");
    await expectProblem(await post(form), 413, "image_too_large");
    await expectProblem(await json({ base64: large.toBase64() }), 413, "image_too_large");
  });

  it("more than 50 megapixels of PNG, by the header alone", async () => {
    const bytes = picture("rgb.png");
    new DataView(bytes.buffer).setUint32(16, 10_001);
    new DataView(bytes.buffer).setUint32(20, 5000);
    await expectProblem(await post(bytes), 413, "too_many_pixels", "10001 x 5000");
  });

  it.each(["baseline.jpg", "progressive.jpg", "rgb.png", "lossy.webp"])(
    "%s without its second half",
    async (name) => {
      const bytes = picture(name);
      const half = bytes.slice(0, bytes.length / 2);
      await expectProblem(await post(half), 422, "corrupt_image");
    },
  );

  it("a sound header over ruined data", async () => {
    const bytes = picture("rgb.png");
    bytes.fill(0xff, 60, 90);
    await expectProblem(await post(bytes), 422, "corrupt_image", "PNG");
  });

  it("a form without the field, with text in it, or no form at all", async () => {
    const empty = new FormData();
    empty.set("picture", new Blob([jpeg]));
    await expectProblem(await post(empty), 400, "bad_request", "no field `image`");
    const text = new FormData();
    text.set("image", "hello");
    await expectProblem(await post(text), 400, "bad_request", "text");
    const type = { "content-type": "multipart/form-data; boundary=x" };
    await expectProblem(await post("nonsense", type), 400, "bad_request", "form");
    const bare = { "content-type": "multipart/form-data" };
    await expectProblem(await post("nonsense", bare), 400, "bad_request", "form");
  });

  it("JSON that is none, of another shape, or not base64", async () => {
    const broken = await post("{", { "content-type": "application/json" });
    await expectProblem(broken, 400, "bad_request", "not JSON");
    await expectProblem(await json({}), 400, "bad_request", "base64");
    await expectProblem(await json({ base64: 7 }), 400, "bad_request", "base64");
    await expectProblem(await json({ base64: "AA==", more: 1 }), 400, "bad_request", "more");
    await expectProblem(await json({ base64: "!!!!" }), 400, "bad_request", "RFC 4648");
  });
});

it("a failure of ours is `internal`, and says nothing of its cause", async () => {
  const broken = createApp({
    ...hostFinding({}),
    tagger() {
      throw new Error("out of secrets");
    },
  });
  const response = await broken.request("/v1/tags", { method: "POST", body: jpeg }, ENV);
  expect(response.status).toBe(500);
  const text = await response.text();
  expect(JSON.parse(text)).toMatchObject({ code: "internal" });
  expect(text).not.toContain("secrets");
});
