/** 64 connections send bodies a byte at a time; others are served meanwhile, by workerd and by Node. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { ROOT, serveWorker } from "../served/worker.ts";

const CONNECTIONS = 64;
/** Each says that it will send this much: together far more than there is room for. */
const DECLARED = 15_000_000;
const UPLOADS = 12;

const picture = readFileSync(`${ROOT}/test/fixtures/pictures/tee.jpg`);
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Slow {
  socket: Socket;
  answer: string;
}

/** A request that begins well, and then brings a byte a second. */
function slow(port: number): Slow {
  const one: Slow = { socket: connect(port, "127.0.0.1"), answer: "" };
  const { socket } = one;
  socket.on("error", () => undefined);
  socket.on("data", (chunk) => {
    one.answer += chunk;
  });
  socket.write(`POST /v1/tags HTTP/1.1\r\nhost: x\r\ncontent-length: ${DECLARED}\r\n\r\n`);
  socket.write(picture.subarray(0, 200));
  const timer = setInterval(() => socket.writable && socket.write("x"), 1000);
  ends.push(() => {
    clearInterval(timer);
    socket.destroy();
  });
  return one;
}

async function upload(url: string): Promise<{ status: number; ms: number }> {
  const start = performance.now();
  const response = await fetch(`${url}/v1/tags`, { method: "POST", body: picture });
  await response.arrayBuffer();
  return { status: response.status, ms: performance.now() - start };
}

/** `hemline serve` on a free port, as its user starts it. */
async function serveNode(): Promise<string> {
  const args = [`${ROOT}/build/cli/hemline.ts`, "serve", "--port", "0", "--threads", "1"];
  const env = { ...process.env, HEMLINE_ENV: "development" };
  const child: ChildProcess = spawn(process.execPath, args, { cwd: ROOT, env });
  ends.push(() => child.kill("SIGKILL"));
  let output = "";
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk;
      const url = /(http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1];
      if (url !== undefined) resolve(url);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("exit", (code) => reject(new Error(`ended with ${code}: ${output}`)));
  });
}

async function serveWorkerd(): Promise<string> {
  const { url, stop } = await serveWorker("worker/index.ts", "faults");
  ends.push(stop);
  return url;
}

describe.each([
  ["workerd", serveWorkerd],
  ["Node", serveNode],
])("%s", (name, start) => {
  it(`serves others while ${CONNECTIONS} connections drip, and gives those up`, async () => {
    const url = await start();
    const median = (list: number[]) => list.sort((a, b) => a - b)[list.length >> 1] ?? 0;
    const alone: number[] = [];
    for (let i = 0; i < UPLOADS; i++) alone.push((await upload(url)).ms);
    const drips = Array.from({ length: CONNECTIONS }, () => slow(Number(new URL(url).port)));
    await sleep(3000);
    const among = [];
    for (let i = 0; i < UPLOADS; i++) among.push(await upload(url));
    expect(among.map(({ status }) => status)).toEqual(Array(UPLOADS).fill(200));
    console.log(
      `${name}: median ${median(alone).toFixed(0)} ms alone, ${median(among.map(({ ms }) => ms)).toFixed(0)} ms among ${CONNECTIONS} slow ones`,
    );
    const given = () => drips.filter(({ socket, answer }) => / 408 /.test(answer) || socket.closed);
    for (let waited = 0; waited < 60 && given().length < CONNECTIONS; waited++) await sleep(1000);
    expect(given()).toHaveLength(CONNECTIONS);
    expect((await upload(url)).status).toBe(200);
  });
});
