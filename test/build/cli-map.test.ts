import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { afterAll, expect, it } from "vitest";
import { ROOT } from "../../build/setup/paths.mjs";

const folder = mkdtempSync(`${tmpdir()}/hemline-`);
afterAll(() => rmSync(folder, { recursive: true }));
const HEMLINE = `${ROOT}/build/cli/hemline.ts`;

const check = (text: string) => {
  writeFileSync(`${folder}/map.json`, text);
  const args = [HEMLINE, "map:check", `${folder}/map.json`];
  return spawnSync(process.execPath, args, { encoding: "utf8" });
};

it("map:check says what becomes of the labels", () => {
  const labels = { tee: "T-Shirts", longsleeve_tee: "T-Shirts", none: false };
  const { status, stdout } = check(JSON.stringify({ labels }));
  expect(status).toBe(0);
  expect(stdout).toContain("T-Shirts = tee, longsleeve_tee\n");
  expect(stdout).toContain("dropped: none\n");
});

it("map:check names every mistake, without a stack", () => {
  const { status, stderr } = check(
    '{"others": 1, "labels": {"tea": "x", "tee": {"threshold": 7}}}',
  );
  expect(status).toBe(1);
  for (const place of ["others: ", "labels.tea: ", "labels.tee"]) expect(stderr).toContain(place);
  expect(stderr).not.toMatch(/^ +at /m);
});

it("map:check refuses what a variable cannot hold", () => {
  const { status, stderr } = check(
    JSON.stringify({ labels: { tee: "x".repeat(80) }, $schema: "y".repeat(5200) }),
  );
  expect(status).toBe(1);
  expect(stderr).toContain("5120");
});

it("tag --url goes through a service: waits where it is busy, reports what it refuses", async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization}`);
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
    });
    request.on("end", () => {
      if (asked.length === 1) return response.writeHead(503, { "retry-after": "0" }).end();
      if (bytes > 1) return response.end('{"model":"far","category":[["dress",0.9]]}');
      const problem = { title: "", status: 415, detail: "No.", code: "unsupported_type" };
      response.writeHead(415).end(JSON.stringify(problem));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  writeFileSync(`${folder}/a.jpg`, "ab");
  writeFileSync(`${folder}/b.jpg`, "c");
  const args = ["tag", folder, "--url", url, "--lang", "ko", "--map", "shop", "--threads", "1"];
  const env = { ...process.env, HEMLINE_KEY: "secret" };
  const child = spawn(process.execPath, [HEMLINE, ...args], { env });
  let out = "";
  child.stdout.on("data", (text) => {
    out += text;
  });
  const status = await new Promise((done) => child.on("close", done));
  server.close();
  expect(status).toBe(2);
  const lines = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
  expect(lines).toMatchObject([
    { file: `${folder}/a.jpg`, model: "far" },
    { file: `${folder}/b.jpg`, error: { code: "unsupported_type" } },
  ]);
  expect(asked).toHaveLength(3);
  expect(asked[0]).toBe("/v1/tags?lang=ko&map=shop Bearer secret");
});
