import { describe, expect, it } from "vitest";
import { MOST_AT_ONCE, sharing } from "../../worker/bodies.ts";
import { HemlineError } from "../../worker/errors.ts";
import { paced } from "../../worker/paced.ts";
import { readLimited } from "../../worker/read-limited.ts";

/** A busy machine must not look like a slow sender. */
const pace = { every: 1000, bytes: 100 };
const tooLarge = () => new HemlineError("body_too_large", "Too large.");
const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** A request whose body sends so many bytes each so many ms; notes when it is cancelled. */
function sending(chunk: number, every: number, count: number, headers = {}) {
  const state = { cancelled: false, sent: 0 };
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (state.sent++ === count) return controller.close();
      await wait(every);
      controller.enqueue(new Uint8Array(chunk).fill(state.sent));
    },
    cancel() {
      state.cancelled = true;
    },
  });
  const request = new Request("https://hemline.test/", { method: "POST", body, headers });
  return { state, request };
}

describe("a body", () => {
  it("that comes quickly enough is read whole", async () => {
    const { request } = sending(60, 0, 40);
    const bytes = await readLimited(paced(request, pace), 10_000, tooLarge);
    expect(bytes.length).toBe(2400);
    expect([bytes[0], bytes[2399]]).toEqual([1, 40]);
  });

  it.each([
    ["drips", 1, 100],
    ["stops", 60, 100_000],
  ])("that %s is given up and cancelled", async (_, chunk, every) => {
    const { request, state } = sending(chunk, every, 1000);
    await expect(readLimited(paced(request, pace), 10_000, tooLarge)).rejects.toMatchObject({
      code: "body_timeout",
      status: 408,
    });
    await wait(20);
    expect(state.cancelled).toBe(true);
  });

  it("that is slow where the isolate is full may not be to blame", async () => {
    let leave: () => void = () => undefined;
    const done = new Promise<void>((resolve) => {
      leave = resolve;
    });
    const others = Array.from({ length: 0.75 * MOST_AT_ONCE }, () => sharing(() => done));
    const { request } = sending(1, 100, 1000);
    const read = readLimited(paced(request, pace), 10_000, tooLarge);
    await expect(read).rejects.toMatchObject({ code: "busy", status: 503 });
    leave();
    await Promise.all(others);
  });

  it("that is too large is cut off and cancelled", async () => {
    const { request, state } = sending(600, 1, 100);
    await expect(readLimited(paced(request, pace), 1000, tooLarge)).rejects.toMatchObject({
      code: "body_too_large",
    });
    await wait(20);
    expect(state.cancelled).toBe(true);
  });
});

it("a declared length is reserved when its first part has come: slow senders keep nobody out", async () => {
  const taken: number[] = [];
  const room = { take: (bytes: number) => void taken.push(bytes) };
  const chunk = 200_000;
  const { request } = sending(chunk, 1, 5, { "content-length": String(5 * chunk) });
  expect((await readLimited(request, 2_000_000, tooLarge, room)).length).toBe(5 * chunk);
  expect(taken).toEqual([262_144, 5 * chunk - 262_144]);
});
