import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ApiError, createClient } from "../../../worker/client/client.ts";

let answer: (request: IncomingMessage, response: ServerResponse) => unknown;
let asked: number[] = [];
let url = "";
const server = createServer((request, response) => {
  asked.push(performance.now());
  request.resume();
  answer(request, response);
});
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked = [];
});

const picture = new Uint8Array([1]);
const busy = (response: ServerResponse, wait: string) => {
  const headers = { "retry-after": wait, "content-type": "application/problem+json" };
  const problem = { title: "Busy", status: 503, detail: "Later.", code: "busy" };
  response.writeHead(503, headers).end(JSON.stringify(problem));
};
const good = (response: ServerResponse) => response.end('{"model":"m"}');
const waits = () => asked.slice(1).map((at, i) => at - (asked[i] as number));
const failing = async (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  );

describe("comes back after 503", () => {
  it("when Retry-After says so, in seconds", async () => {
    answer = (_, response) => (asked.length < 3 ? busy(response, "1") : good(response));
    expect(await createClient({ url }).tag(picture)).toEqual({ model: "m" });
    for (const wait of waits()) expect(wait).toBeGreaterThanOrEqual(990);
  });

  it("or by a date", async () => {
    const at = new Date(Date.now() + 2000).toUTCString();
    answer = (_, response) => (asked.length < 2 ? busy(response, at) : good(response));
    expect(await createClient({ url }).tag(picture)).toEqual({ model: "m" });
    expect(waits()[0]).toBeGreaterThan(800);
  });

  it("by itself, later each time, where nothing is said", async () => {
    answer = (_, response) => {
      if (asked.length < 3) response.writeHead(429).end();
      else good(response);
    };
    await createClient({ url }).tag(picture);
    const [first = 0, second = 0] = waits();
    expect(first).toBeGreaterThan(240);
    expect(second).toBeGreaterThan(490);
  });

  it("but not for ever", async () => {
    answer = (_, response) => busy(response, "0");
    const error = await failing(createClient({ url, retries: 2 }).tag(picture));
    expect(error).toMatchObject({ code: "busy", status: 503, retryAfter: 0 });
    expect(asked).toHaveLength(3);
  });

  it("nor in an hour", async () => {
    answer = (_, response) => busy(response, "3600");
    const error = await failing(createClient({ url }).tag(picture));
    expect(error).toMatchObject({ code: "busy", retryAfter: 3600 });
    expect(asked).toHaveLength(1);
  });

  it("with a stream, too, which is kept", async () => {
    answer = (_, response) => (asked.length < 2 ? busy(response, "0") : good(response));
    const stream = new Blob([picture]).stream() as ReadableStream<Uint8Array>;
    expect(await createClient({ url }).tag(stream)).toEqual({ model: "m" });
  });

  it("unless the stream is larger than any picture may be", async () => {
    let left = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(1_000_000)),
      cancel: () => {
        left = true;
      },
    });
    const error = await failing(createClient({ url }).tag(endless));
    expect(error).toMatchObject({ code: "image_too_large" });
    expect([left, asked.length]).toEqual([true, 0]);
  });
});

it("does not repeat what is refused for good", async () => {
  answer = (_, response) => response.writeHead(500).end("<h1>Oops</h1>");
  const error = await failing(createClient({ url }).tag(picture));
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ code: "bad_answer", status: 500 });
  expect(asked).toHaveLength(1);
});

it.each(["", "<!doctype html>", "null", '"text"', '{"model":'])(
  "takes %j for no answer",
  async (body) => {
    answer = (_, response) => response.end(body);
    expect(await failing(createClient({ url }).tag(picture))).toMatchObject({ code: "bad_answer" });
  },
);

it("gives up on a server that says nothing, or stops in the middle", async () => {
  const client = createClient({ url, timeout: 200, retries: 0 });
  answer = () => undefined;
  expect(await failing(client.tag(picture))).toMatchObject({ code: "timeout" });
  answer = (_, response) => response.write('{"model":');
  expect(await failing(client.tag(picture))).toMatchObject({ code: "timeout" });
});

it("tries a broken connection again, and says when it stays broken", async () => {
  answer = (request, response) => (asked.length < 2 ? request.socket.destroy() : good(response));
  expect(await createClient({ url }).tag(picture)).toEqual({ model: "m" });
  const nobody = createClient({ url: "http://127.0.0.1:1", retries: 1 });
  expect(await failing(nobody.tag(picture))).toMatchObject({ code: "unreachable" });
});

it("does not follow a redirect with the key in hand", async () => {
  answer = (_, response) => response.writeHead(302, { location: "/elsewhere" }).end();
  const error = await failing(createClient({ url, key: "secret" }).tag(picture));
  expect(error).toMatchObject({ code: "bad_answer", status: 302 });
  expect(asked).toHaveLength(1);
});

it("stops at a signal, asking or waiting, with its reason", async () => {
  const reason = new Error("enough");
  for (const hang of [
    () => undefined,
    (_: unknown, response: ServerResponse) => busy(response, "30"),
  ]) {
    answer = hang;
    const stop = new AbortController();
    setTimeout(() => stop.abort(reason), 100);
    expect(await failing(createClient({ url }).tag(picture, { signal: stop.signal }))).toBe(reason);
  }
});

it("a batch that breaks off keeps what came, and names what did not", async () => {
  answer = (request, response) => {
    response.write('{"index":1,"tags":{"model":"m"}}\n{"index":0,"pro');
    setTimeout(() => request.socket.destroy(), 50);
  };
  const results: unknown[] = [];
  for await (const one of createClient({ url }).tagBatch([picture, picture, picture]))
    results.push(one);
  expect(results).toMatchObject([
    { index: 1, tags: { model: "m" } },
    { index: 0, error: { code: "unreachable" } },
    { index: 2, error: { code: "unreachable" } },
  ]);
});
