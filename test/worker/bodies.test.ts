import { expect, it } from "vitest";
import { createApp } from "../../worker/app.ts";
import { MOST_AT_ONCE, sharing } from "../../worker/bodies.ts";
import { flatJpeg } from "../fixtures/flat-jpeg.ts";
import { hostFinding } from "./tagger.ts";

const app = createApp(hostFinding({ category: { dress: 0.9 } }));
const post = (body: BodyInit, headers = {}) =>
  app.request("/v1/tags", { method: "POST", body, headers }, { HEMLINE_ENV: "development" });

it("of eight 48-megapixel uploads at once some are tagged, the others told to come back", async () => {
  const picture = flatJpeg(8000, 6000, 15_000_000);
  const headers = { "content-length": String(picture.length) };
  const answers = await Promise.all(Array.from({ length: 8 }, () => post(picture, headers)));
  const taken = answers.filter(({ status }) => status === 200);
  // 40 MB hold two of them.
  expect(taken.length).toBe(2);
  for (const answer of answers.filter((answer) => !taken.includes(answer))) {
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await answer.json()).toMatchObject({ code: "busy" });
  }
  expect(await taken[0]?.json()).toMatchObject({ image: { width: 8000, height: 6000 } });
  // The room is given back, after refusals as well.
  for (let i = 0; i < 4; i++) expect((await post(picture, headers)).status).toBe(200);
});

it("bodies of undeclared length count as they come", async () => {
  const endless = () => {
    const chunk = new Uint8Array(1_000_000);
    let sent = 0;
    return new ReadableStream({
      async pull(controller) {
        await new Promise((done) => setTimeout(done, 1));
        controller.enqueue(chunk);
        if (++sent === 19) controller.close();
      },
    });
  };
  const answers = await Promise.all(Array.from({ length: 8 }, () => post(endless())));
  const statuses = answers.map(({ status }) => status);
  expect(statuses).toContain(503);
  expect(statuses.every((status) => status === 503 || status === 415)).toBe(true);
  expect((await post(flatJpeg(64, 64))).status).toBe(200);
});

it("a crowd is told at once to come back, and the place is given back", async () => {
  let finish: () => void = () => undefined;
  const end = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const crowd = Array.from({ length: MOST_AT_ONCE }, () => sharing(() => end));
  const refused = await post(flatJpeg(64, 64));
  expect(refused.status).toBe(503);
  expect(refused.headers.get("retry-after")).toBe("2");
  finish();
  await Promise.all(crowd);
  expect((await post(flatJpeg(64, 64))).status).toBe(200);
});
