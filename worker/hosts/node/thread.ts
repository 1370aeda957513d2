/** One thread of a pool: a network of its own, one picture at a time. */
import "./modules.ts";
import { parentPort, workerData } from "node:worker_threads";
import { HemlineError } from "../../errors.ts";
import type { Answer, Setup, Started, Task } from "./messages.ts";
import { readPicture } from "./read-picture.ts";

// Imported only now that the hooks stand: these modules import `.wasm` and `.bin`.
const { startHost } = await import("./host.ts");
const { tagImage } = await import("../../tag-image.ts");

const host = await startHost((workerData as Setup).threadsPerPicture);

async function answer({ picture, options }: Task): Promise<Answer> {
  try {
    const bytes = typeof picture === "string" ? await readPicture(picture) : picture;
    return { tags: await tagImage(bytes, options, host) };
  } catch (error) {
    if (!(error instanceof HemlineError)) {
      return { failed: error instanceof Error ? `${error.stack}` : String(error) };
    }
    const { code, detail, headers } = error;
    return { refused: { code, detail, headers } };
  }
}

const { engine, simd, threads } = host.tagger();
parentPort?.on("message", async (task: Task) => parentPort?.postMessage(await answer(task)));
parentPort?.postMessage({
  model: host.model,
  running: { engine, simd, threads },
} satisfies Started);
