import { expect, it, vi } from "vitest";
import { createApp, type Env } from "../../../worker/app.ts";
import { hostFinding } from "../tagger.ts";

const ask = (found: Parameters<typeof hostFinding>[0], path: string, env: Env = {}) =>
  createApp(hostFinding(found)).request(path, {}, { HEMLINE_ENV: "development", ...env });

it("shallow, needs no network", async () => {
  expect(await (await ask({}, "/healthz")).json()).toEqual({ status: "ok" });
});

it("deep, runs it on a picture", async () => {
  const seen: Uint8Array[] = [];
  const app = createApp(hostFinding({ category: { dress: 0.97 } }, seen));
  const response = await app.request("/healthz?deep=1", {}, { HEMLINE_ENV: "development" });
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: "ok", model: "hemline-test", engine: "float32" });
  expect(seen).toHaveLength(1);
  // What it saw is the drawn dress: red in the middle, grey in the corner.
  const [square = new Uint8Array()] = seen;
  const side = Math.sqrt(square.length / 3);
  const pixel = (x: number, y: number) => [...square.subarray(3 * (y * side + x)).subarray(0, 3)];
  const [red = 0, green = 0] = pixel(side / 2, side / 2);
  expect(red - green).toBeGreaterThan(90);
  expect(Math.min(...pixel(2, 2))).toBeGreaterThan(200);
});

it("deep, is 503 where the network gives nonsense or nothing", async () => {
  const log = vi.spyOn(console, "error").mockReturnValue();
  const nonsense: Record<string, number>[] = [
    {},
    { dress: Number.NaN },
    { dress: 0.9, skirt: 0.9 },
  ];
  for (const scores of nonsense) {
    const response = await ask({ category: scores }, "/healthz?deep=1");
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ code: "unhealthy" });
  }
  const down = createApp({
    ...hostFinding({}),
    tagger() {
      throw new Error("down");
    },
  });
  const response = await down.request("/healthz?deep=1", {}, { HEMLINE_ENV: "development" });
  expect(response.status).toBe(503);
  expect(log).toHaveBeenCalled();
  log.mockRestore();
});

it("deep, is limited by address", async () => {
  const RATE_PUBLIC = { limit: async () => ({ success: false }) };
  const env = { HEMLINE_ENV: "production", RATE_PUBLIC };
  expect((await ask({ category: { dress: 0.97 } }, "/healthz?deep=1", env)).status).toBe(429);
  expect((await ask({}, "/healthz", env)).status).toBe(200);
});
