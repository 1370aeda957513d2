import { once } from "node:events";
import { createWriteStream } from "node:fs";
import type { Writable } from "node:stream";
import { csvHeader, csvRow, type Failed } from "../../../worker/csv.ts";
import type { Tags } from "../../../worker/describe.ts";
import { Plain } from "../../setup/say.mjs";

export type Format = "json" | "csv";

const rows: Record<Format, (file: string, result: Tags | Failed) => string> = {
  json: (file, result) =>
    `${JSON.stringify("code" in result ? { file, error: result } : { file, ...result })}\n`,
  csv: csvRow,
};

/** Where the rows go: a file, or standard output. */
export class Output {
  readonly #format: Format;
  readonly #stream: Writable;

  private constructor(format: Format, stream: Writable) {
    this.#format = format;
    this.#stream = stream;
  }

  /**
   * Throws `Plain` for a file that cannot be written; `broken` hears of it where that shows later,
   * or of nobody reading standard output any more (EPIPE).
   */
  static async open(
    format: Format,
    path: string | undefined,
    broken: (error: Error) => void,
  ): Promise<Output> {
    const output = new Output(format, path === undefined ? process.stdout : await create(path));
    output.#stream.on("error", (error: NodeJS.ErrnoException) =>
      broken(error.code === "EPIPE" ? error : cannotWrite(path ?? "the output", error)),
    );
    if (format === "csv") await output.#put(csvHeader());
    return output;
  }

  /** Resolves when there is room for more. */
  write(file: string, result: Tags | Failed): Promise<void> {
    return this.#put(rows[this.#format](file, result));
  }

  async close(): Promise<void> {
    if (this.#stream === process.stdout || this.#stream.destroyed) return;
    this.#stream.end();
    await once(this.#stream, "close").catch(() => undefined);
  }

  async #put(text: string): Promise<void> {
    if (!this.#stream.write(text)) await once(this.#stream, "drain");
  }
}

async function create(path: string): Promise<Writable> {
  const stream = createWriteStream(path);
  await once(stream, "open").catch((error: Error) => {
    throw cannotWrite(path, error);
  });
  return stream;
}

const cannotWrite = (path: string, { message }: Error): Plain =>
  new Plain(`${path} cannot be written: ${message}`);
