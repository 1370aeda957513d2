import { Problem } from "../words/problems.ts";
import { partExplained } from "./explain.ts";
import type { Order, Report } from "./messages.ts";
import type { Answer, Runtime, Wish } from "./tagging.ts";

/** The address of the tagger's script, by the build. */
declare const __TAGGER__: string;

type Finished = Extract<Report, { id: number }>;

interface Device {
  runtime: Runtime;
  tag(bytes: ArrayBuffer, explain: boolean): Promise<Finished>;
}

let device: Promise<Device> | undefined;

/** Loads and starts the tagger, once; a failure is not remembered. */
export function startDevice(): Promise<Device> {
  device ??= start().catch((error) => {
    device = undefined;
    throw error;
  });
  return device;
}

/** Tags in this browser: nothing is sent. */
export async function onTheDevice(file: Blob, { explain, signal }: Wish): Promise<Answer> {
  const { runtime, tag } = await startDevice();
  const bytes = await file.arrayBuffer();
  signal.throwIfAborted();
  const report = await tag(bytes, explain);
  if (report.kind === "problem") throw new Problem(report.code, report.detail);
  return { ...partExplained(report.tags), place: "device", ms: report.ms, runtime };
}

function start(): Promise<Device> {
  const worker = new Worker(__TAGGER__, { type: "module" });
  const waiting = new Map<number, (report: Finished) => void>();
  let orders = 0;
  const tag = (bytes: ArrayBuffer, explain: boolean) =>
    new Promise<Finished>((resolve) => {
      const order: Order = { id: orders++, bytes, explain };
      waiting.set(order.id, resolve);
      worker.postMessage(order, [bytes]);
    });
  return new Promise((resolve, reject) => {
    const fail = (detail: string) => {
      worker.terminate();
      device = undefined;
      for (const [id, answer] of waiting) {
        answer({ kind: "problem", id, code: "no_network", detail });
      }
      reject(new Problem("no_network", detail));
    };
    worker.addEventListener("error", ({ message }) => fail(message));
    worker.addEventListener("message", ({ data }: MessageEvent<Report>) => {
      if (data.kind === "failed") fail(data.detail);
      else if (data.kind === "ready") resolve({ runtime: data, tag });
      else {
        waiting.get(data.id)?.(data);
        waiting.delete(data.id);
      }
    });
  });
}
