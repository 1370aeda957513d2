import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "../../build/setup/paths.mjs";

const tee = readFileSync(`${ROOT}/test/fixtures/pictures/tee.jpg`);
const program = [`${ROOT}/build/cli/hemline.ts`, "serve"];
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
});

/** Starts the command; resolves when it says where it serves. */
function start(env: Record<string, string>, ...args: string[]) {
  const child = spawn(process.execPath, [...program, "--port", "0", ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  children.push(child);
  return new Promise<{ child: ChildProcess; url: string; said: string }>((accept, reject) => {
    let said = "";
    child.stderr.on("data", (text) => {
      said += text;
      const url = /http:\/\/\S+(?=,)/.exec(said)?.[0];
      if (url !== undefined) accept({ child, url, said });
    });
    child.once("exit", () => reject(new Error(said)));
  });
}

const upload = (url: string, init: RequestInit = {}) =>
  fetch(`${url}/v1/tags`, { method: "POST", body: tee, ...init });
const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;

describe("open, for development", () => {
  let served: Awaited<ReturnType<typeof start>>;
  const pictures = createServer((_, response) => void response.end(tee));
  let origin: string;

  beforeAll(async () => {
    await once(pictures.listen(0, "127.0.0.1"), "listening");
    origin = `http://127.0.0.1:${(pictures.address() as AddressInfo).port}`;
    const map = JSON.stringify({ labels: { tee: "T-Shirt" } });
    const env = { HEMLINE_ENV: "development", HEMLINE_URL_HOSTS: origin, HEMLINE_MAP_SHOP: map };
    served = await start(env, "--threads", "2");
  });
  afterAll(() => {
    pictures.close();
  });

  it("says that it lives, and what it runs on", async () => {
    expect((await fetch(`${served.url}/healthz?deep=1`)).status).toBe(200);
    const model = await (await fetch(`${served.url}/v1/model`)).json();
    expect(model).toMatchObject({ engine: expect.stringMatching(/^(int8|float32)$/), threads: 2 });
  });

  it("tags an upload, a form, base64, and a picture elsewhere", async () => {
    const form = new FormData();
    form.set("image", new Blob([tee]), "tee.jpg");
    const json = (body: object) => ({
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    });
    const answers = await Promise.all([
      upload(served.url),
      upload(served.url, { body: form }),
      upload(served.url, json({ base64: tee.toString("base64") })),
      upload(served.url, json({ url: `${origin}/a.jpg` })),
    ]);
    const [first, ...others] = await Promise.all(answers.map((answer) => answer.json()));
    expect(first).toMatchObject({
      category: expect.arrayContaining([["tee", expect.any(Number)]]),
    });
    for (const other of others) expect(other).toEqual(first);
  });

  it("hands everything that may be asked on to the threads", async () => {
    const query = "?top=1&lang=ko&map=shop&explain=heatmap";
    const answer = await fetch(`${served.url}/v1/tags${query}`, { method: "POST", body: tee });
    expect(await answer.json()).toMatchObject({
      category: [["T-Shirt", expect.any(Number), expect.any(String)]],
      explain: { landmarks: expect.anything() },
    });
  });

  it("answers more at once than wait in line with 503, and all others", async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, () => upload(served.url)));
    const refused = answers.filter(({ status }) => status === 503);
    expect(answers.filter(({ status }) => status === 200).length + refused.length).toBe(60);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]?.headers.get("retry-after")).toMatch(/^\d+$/);
    expect(await codeOf(refused[0] as Response)).toBe("busy");
    expect((await upload(served.url)).status).toBe(200);
  });

  it("shows the page with its files, isolated as in the Worker", async () => {
    const page = await fetch(served.url);
    expect(page.headers.get("content-type")).toContain("text/html");
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(await page.text())?.[1];
    const answer = await fetch(`${served.url}${script}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toContain("immutable");
    for (const { headers } of [page, answer]) {
      expect(headers.get("cross-origin-embedder-policy")).toBe("require-corp");
    }
    expect((await fetch(`${served.url}/assets/..%2fpackage.json`)).status).toBe(404);
  });

  it.each([
    ["a picture over 20 MB", new Uint8Array(21_000_000), 413, "image_too_large"],
    ["what is no picture", "no picture", 415, "unsupported_type"],
  ])("refuses %s", async (_, body, status, code) => {
    const answer = await upload(served.url, { body });
    expect([answer.status, await codeOf(answer)]).toEqual([status, code]);
  });

  it("leaves webhooks and their rows to the Worker", async () => {
    for (const path of ["/v1/webhooks/shop", "/v1/assets"]) {
      const answer = await fetch(served.url + path, { method: "POST" });
      expect([answer.status, await codeOf(answer)]).toEqual([501, "not_on_this_host"]);
    }
  });

  it("finishes what is in flight when it is ended", async () => {
    const sent = httpRequest(`${served.url}/v1/tags`, {
      method: "POST",
      headers: { "content-length": tee.length, connection: "keep-alive" },
    });
    const answered = once(sent, "response");
    await new Promise((resolve) => sent.write(tee.subarray(0, 1000), resolve));
    // The server has the connection for sure when it has answered a later one.
    await fetch(`${served.url}/healthz`);
    const ended = once(served.child, "exit");
    served.child.kill("SIGTERM");
    while (
      await fetch(`${served.url}/healthz`).then(
        () => true,
        () => false,
      )
    );
    sent.end(tee.subarray(1000));
    const [answer] = await answered;
    expect(answer.statusCode).toBe(200);
    expect(answer.headers.connection).toBe("close");
    answer.resume();
    expect((await ended)[0]).toBe(0);
  });
});

describe("with a key", () => {
  it("lets its callers in, and counts wrong keys by the connection, whatever headers say", async () => {
    const { url } = await start({}, "--threads", "1", "--key", "secret");
    const withKey = (key: string, i: number) => ({
      headers: {
        authorization: `Bearer ${key}`,
        "x-forwarded-for": `203.0.113.${i}`,
        "cf-connecting-ip": `203.0.113.${i}`,
      },
    });
    expect((await upload(url, withKey("secret", 0))).status).toBe(200);
    expect((await upload(url)).status).toBe(401);
    const tries = Array.from({ length: 70 }, (_, i) => upload(url, withKey("wrong", i)));
    const statuses = (await Promise.all(tries)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    expect((await upload(url, withKey("secret", 1))).status).toBe(200);
  });
});

it("is closed without one", async () => {
  const { url, said } = await start({}, "--threads", "1");
  expect(said).toContain("closed: no key is set");
  const answer = await upload(url);
  expect([answer.status, await codeOf(answer)]).toEqual([403, "closed"]);
});

it.each([
  [["--port", "none"], "--port is a whole number"],
  [["--threads", "0"], "--threads is a whole number"],
  [["more"], "usage:"],
])("refuses %j", (args, reason) => {
  const { status, stderr } = spawnSync(process.execPath, [...program, ...args], {
    encoding: "utf8",
  });
  expect(status).toBe(1);
  expect(stderr).toContain(reason);
});
