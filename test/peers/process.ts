import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { node22, peerEnvironment } from "./cache.ts";

/** A free loopback port. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** Runs a script on the peers' Node and waits until `url` answers. */
export async function startPeer(
  args: string[],
  cwd: string,
  env: Record<string, string>,
  url: string,
): Promise<() => Promise<void>> {
  const child = peerProcess(args, cwd, env);
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      log += chunk;
    });
  }
  await until(
    async () => {
      if (child.exitCode !== null) throw new Error(`the peer ended:\n${log}`);
      return (await fetch(url).catch(() => undefined))?.status;
    },
    300_000,
    () => log,
  );
  return async () => {
    child.kill("SIGTERM");
    await Promise.race([new Promise((resolve) => child.once("exit", resolve)), sleep(5000)]);
    child.kill("SIGKILL");
  };
}

export function peerProcess(
  args: string[],
  cwd: string,
  env: Record<string, string>,
): ChildProcess {
  const options = { cwd, env: { ...peerEnvironment(), ...env }, stdio: "pipe" } as const;
  return spawn(`${node22()}/bin/node`, args, options);
}

/** Asks until there is an answer other than undefined or false. */
export async function until<T>(
  ask: () => Promise<T | undefined | false>,
  patience: number,
  tell: () => string = () => "",
): Promise<T> {
  for (const start = Date.now(); Date.now() - start < patience; await sleep(200)) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
  }
  throw new Error(`nothing came within ${patience / 1000} s\n${tell()}`);
}

/** A JSON request that must succeed. */
export async function json<T>(url: string, init: RequestInit = {}, body?: unknown): Promise<T> {
  const headers = new Headers(init.headers);
  if (body !== undefined) headers.set("content-type", "application/json");
  const response = await fetch(url, {
    ...init,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${init.method ?? "GET"} ${url}: ${response.status} ${text}`);
  return (text === "" ? undefined : JSON.parse(text)) as T;
}
