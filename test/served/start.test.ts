/** `npm start`, as a person meets it. */
import { type ChildProcess, spawn } from "node:child_process";
import { createServer, type Server } from "node:net";
import { afterEach, expect, it } from "vitest";
import { freePort } from "../../build/setup/port.mjs";
import { endGroup, ours } from "../../build/setup/processes.mjs";
import { ROOT } from "./worker.ts";

const SAMPLE = "test/fixtures/pictures/tee.jpg";

const open: (ChildProcess | Server)[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) {
    if ("close" in one) one.close();
    else one.kill("SIGINT");
  }
});

interface Started {
  child: ChildProcess;
  url: string;
  output: string;
}

/** Resolves when it has printed its address and goes on serving. */
function start(port: number): Promise<Started> {
  const env = { ...process.env, PORT: String(port) };
  const child = spawn(process.execPath, [`${ROOT}/build/setup/start.mjs`], { cwd: "/", env });
  open.push(child);
  let output = "";
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk;
      const url = /answers at (\S+)\./.exec(output)?.[1];
      if (url !== undefined && output.includes("Ctrl-C")) resolve({ child, url, output });
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("exit", (code) => reject(new Error(`ended with ${code}: ${output}`)));
  });
}

const exit = (child: ChildProcess) =>
  new Promise<number | null>((resolve) => child.once("exit", resolve));
const answers = async (url: string) => (await fetch(`${url}/healthz`).catch(() => null))?.ok;

it("tags the sample and serves; a start after a kill reaps; another one takes another port; Ctrl-C ends it all", {
  timeout: 900_000,
}, async () => {
  const port = await freePort(20_000);
  const first = await start(port);
  expect(first.url).toBe(`http://127.0.0.1:${port}`);
  const line = first.output.split("\n").find((text) => text.startsWith('{"model"'));
  const tags = JSON.parse(line ?? "");
  expect(tags.category[0][0]).toBe("tee");
  expect(tags.image).toEqual({ width: 480, height: 600, format: "jpeg" });
  expect(first.output).toContain(`curl --data-binary @${SAMPLE} ${first.url}/v1/tags`);

  first.child.kill("SIGKILL");
  await exit(first.child);
  expect(await answers(first.url)).toBe(true); // orphaned
  const second = await start(port);
  expect(second.output).toContain("killed start left behind");
  expect(second.url).toBe(first.url);

  const third = await start(port);
  expect(third.output).toContain(`port ${port} is taken`);
  expect(await answers(second.url)).toBe(true); // a living start is left alone
  third.child.kill("SIGINT");
  expect(await exit(third.child)).toBe(0);
  expect(await answers(third.url)).toBeUndefined();
  expect(await answers(second.url)).toBe(true);
});

it("ends nothing that is not of this checkout", async () => {
  const child = spawn("sleep", ["30"], { detached: true, stdio: "ignore" });
  const group = child.pid as number;
  expect(ours(group)).toEqual([]);
  await endGroup(group, 0);
  expect(child.exitCode).toBeNull();
  child.kill();
});

it("finds the next free port", async () => {
  const port = await freePort(22_000);
  const server = createServer().listen(port, "127.0.0.1");
  open.push(server);
  await new Promise((resolve) => server.once("listening", resolve));
  expect(await freePort(port)).toBeGreaterThan(port);
});
